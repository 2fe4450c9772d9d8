import CLinux
import Control
import Glibc
public import Kernel

/// The supervisor's end of the sweeper: a session's placeholders stand for as long as this does, and
/// are removed whichever way the supervisor ends.
public final class Sweeper: Sendable {
  private let part: StartedPart

  /// Starts the sweeper and waits until the placeholders stand.
  ///
  /// - Parameter directory: where sessions write down what they make.
  /// - Throws: the step that failed; nothing is left behind then.
  public init(
    _ placeholders: [Placeholder], directory: String
  ) throws(SystemError) {
    part = try PartLauncher().startSweeper()
    let order = SweeperOrder(directory: directory, placeholders: placeholders)
    do throws(SystemError) {
      try Files.write(order.frame(), to: part.control, subject: "sweeper")
      try part.confirm()
      guard case .failed(let step, let subject, let errno) = try Self.answer(part.control) else {
        return
      }
      throw SystemError(step: step, subject: subject, errno: Errno(errno))
    } catch {
      finish()
      throw error
    }
  }

  /// Has it wait for the sandbox's end before it removes anything.
  public func watch(_ stage: borrowing OwnedDescriptor) throws(SystemError) {
    try part.control.withRaw { (control) throws(SystemError) in
      _ = try stage.withRaw { (stage) throws(SystemError) in
        try check("send", "sweeper") { unsafe clinux_send_descriptors(control, [1], 1, [stage], 1) }
      }
    }
  }

  /// Removes the placeholders, and waits until that is done.
  public func finish() {
    do throws(SystemError) {
      try Files.write([0], to: part.control, subject: "sweeper")
      _ = try ChildEnd(waitingFor: part.pid, "sweeper")
    } catch {
      // It has ended by itself: what it left behind the next launch removes.
    }
  }

  /// Removes what sessions have left that were killed together with their sweepers.
  public static func clean(_ directory: String) throws(SystemError) {
    try PlaceholderStore(directory: directory).sweep()
  }

  private static func answer(
    _ control: borrowing OwnedDescriptor
  ) throws(SystemError) -> SweeperReport {
    var reader = FrameReader(limit: SweeperReport.longestFrame)
    var chunk = [UInt8](repeating: 0, count: 4096)
    do {
      while true {
        if let frame = try reader.next() { return try SweeperReport(frame) }
        let count = try control.withRaw { (raw) throws(SystemError) in
          try check("read", "sweeper") { unsafe read(raw, &chunk, chunk.count) }
        }
        if count == 0 { throw FrameError.truncated }
        reader.feed(chunk[..<count])
      }
    } catch let error as SystemError {
      throw error
    } catch {
      throw SystemError(step: "placeholders", subject: "sweeper", errno: Errno(EPROTO))
    }
  }
}
