import Control
import Glibc
import Kernel

/// What the supervisor tells PID 1, once the plan is carried out.
struct SupervisorOrders {
  private var reader: FrameReader
  private var waiting: [StageOrder] = []

  /// - Parameter reader: has read the plan, and maybe what came right behind it.
  init(after reader: FrameReader) {
    self.reader = reader
  }

  /// Waits until the server's program may run: nothing else is said before it does.
  ///
  /// - Returns: false at the end of the socket, and for what is another order or none.
  mutating func waitForWord() -> Bool {
    guard take() else { return false }
    while waiting.isEmpty {
      guard read() else { return false }
    }
    return waiting.removeFirst() == .letServerRun && waiting.isEmpty
  }

  /// The signals that are to be sent by now; nil at the end of the socket, and for what is another
  /// order or none.
  mutating func signals() -> [Int32]? {
    guard read() else { return nil }
    var signals: [Int32] = []
    for order in waiting {
      guard case .signal(let number) = order else { return nil }
      signals.append(number)
    }
    waiting = []
    return signals
  }

  private mutating func read() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(StageProcess.control, &chunk, chunk.count)
    if count < 0 && Errno.current.code == EINTR { return true }
    guard count > 0 else { return false }
    reader.feed(chunk[..<count])
    return take()
  }

  private mutating func take() -> Bool {
    do throws(FrameError) {
      while let frame = try reader.next() { waiting.append(try StageOrder(frame)) }
    } catch {
      return false
    }
    return true
  }
}
