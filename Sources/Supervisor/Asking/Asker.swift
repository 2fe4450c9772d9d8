import CLinux
import Control
import Glibc
public import Kernel
import Sandbox

/// The supervisor's end of the process that starts the program which asks. Started before the
/// supervisor confines itself; what it is told later are the program's arguments and its input.
public final class Asker: Sendable {
  let path: String
  private let part: StartedPart

  /// - Parameters:
  ///   - program: its path and its own arguments.
  ///   - environment: the program's, each `NAME=VALUE`.
  ///   - seconds: how long one question may wait.
  /// - Throws: where the process can't be started. Nothing is left running then.
  public init(
    _ program: [String], environment: [[UInt8]], seconds: Int
  ) throws(SystemError) {
    path = program[0]
    part = try PartLauncher().startAsker()
    let order = AskerOrder.configure(
      program: program, environment: environment, seconds: seconds)
    do throws(SystemError) {
      try Files.write(order.frame(), to: part.control, subject: "asker")
      try part.confirm()
    } catch {
      finish()
      throw error
    }
  }

  func withControl<Result, Failure: Error>(
    _ body: (borrowing OwnedDescriptor) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(part.control)
  }

  /// Ends it, and a program of its that runs, and waits until that is done.
  public func finish() {
    _ = part.pidfd.withRaw { clinux_pidfd_signal($0, SIGTERM) }
    do throws(SystemError) {
      _ = try ChildEnd(waitingFor: part.pid, "asker")
    } catch {
      // It has ended by itself, and was reaped.
    }
  }
}
