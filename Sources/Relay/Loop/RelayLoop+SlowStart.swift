import CLinux
import Control

extension RelayLoop {
  /// What can be seen here of a server that does not answer.
  func slowStart(_ seconds: Int) -> SlowStart {
    // What waits in the pipe, and what does not fit into it.
    let piped = serverInputClosed ? 0 : max(0, Int(clinux_bytes_waiting(descriptors.serverInput)))
    return SlowStart(
      seconds: seconds, unread: piped + toServer.queued, output: outputTotal,
      standardError: log.total, lastWords: log.lastWords)
  }
}
