import CLinux
import Glibc
import Kernel

extension EgressLoop {
  /// Datagrams before others have their turn.
  private static let turn = 64

  /// Answers from the address that was asked: a resolver takes no other's word.
  mutating func answerDatagrams(_ listener: Listener) {
    var asker = clinux_endpoint()
    var asked = clinux_endpoint()
    for _ in 0..<Self.turn {
      var errno = Errno(0)
      let query = unsafe [UInt8](unsafeUninitializedCapacity: NameStream.longestQuery) {
        buffer, count in
        guard let base = buffer.baseAddress else { return }
        let received = unsafe clinux_receive_datagram(
          listener.descriptor, base, buffer.count, &asker, &asked)
        if received < 0 { errno = Errno.current }
        count = max(0, received)
      }
      if errno.code == EAGAIN { break }
      guard errno.code == 0, !query.isEmpty, let answer = names.answer(query, at: now) else {
        continue
      }
      // An answer that is not taken is lost, as any datagram may be: the resolver asks again.
      _ = unsafe answer.withUnsafeBytes { bytes in
        unsafe bytes.baseAddress.map {
          unsafe clinux_send_datagram(listener.descriptor, $0, bytes.count, &asker, &asked)
        }
      }
    }
    noteNameRefusals()
  }

  mutating func noteNameRefusals() {
    let refused = names.takeRefusals()
    guard !refused.isEmpty else { return }
    for refusal in refused { refusals.note(refusal, at: now) }
    tellRefusals()
  }
}
