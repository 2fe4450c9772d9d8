import CLinux
import Kernel

/// A pipe that bytes pass through on their way from one socket to the other, without being copied.
final class RelayPipe {
  let isLarge: Bool
  private let pipe: Pipe

  init(isLarge: Bool) throws(SystemError) {
    pipe = try Pipe()
    self.isLarge = isLarge
    // Where the kernel gives no more than the usual 64 KiB, much data takes more turns.
    if isLarge {
      _ = pipe.writing.withRaw { clinux_fcntl_int($0, Self.setPipeSize, Self.largeSize) }
    }
  }

  /// From a socket into the pipe; what `splice(2)` returns.
  func fill(from socket: Int32) -> Int {
    pipe.writing.withRaw { clinux_splice(socket, $0, Int(Self.largeSize)) }
  }

  /// From the pipe into a socket; what `splice(2)` returns.
  func empty(into socket: Int32, count: Int) -> Int {
    pipe.reading.withRaw { clinux_splice($0, socket, count) }
  }

  /// Enough for few turns, and little enough to stay in a processor's cache.
  private static let largeSize: Int32 = 256 << 10
  /// F_SETPIPE_SZ, which the Glibc module lacks.
  private static let setPipeSize: Int32 = 1031
}

/// Pipes that are empty, for the next direction of a connection that has something to carry. A
/// direction holds one only while there are bytes in it, so that quiet connections hold none.
struct PipePool {
  private var spare: [RelayPipe] = []
  private var large = 0

  /// Pipes kept without use.
  static let mostSpare = 16
  /// Pipes of more than the usual size: a user's pipes share 64 MiB with everything else of theirs.
  private static let mostLarge = 16

  mutating func take() throws(SystemError) -> RelayPipe {
    if let pipe = spare.popLast() { return pipe }
    let pipe = try RelayPipe(isLarge: large < Self.mostLarge)
    if pipe.isLarge { large += 1 }
    return pipe
  }

  /// - Parameter isEmpty: false for one whose bytes nobody takes any more.
  mutating func giveBack(_ pipe: RelayPipe, isEmpty: Bool) {
    if isEmpty && spare.count < Self.mostSpare {
      spare.append(pipe)
    } else if pipe.isLarge {
      large -= 1
    }
  }
}
