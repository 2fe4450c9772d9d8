import Glibc
import Kernel
import Profile
import Supervisor

/// The ways to ask the user that a profile adds to `cordon review`.
extension RunSession {
  /// Starts what will start the program of the profile's, where there is one: the supervisor itself
  /// can start nothing once it runs.
  func startAsker() throws(CommandError) -> Asker? {
    tellOfElicitation()
    guard let program = launch.profile.approval.program?.value else { return nil }
    tellOfProgram(program.path)
    do throws(SystemError) {
      return try Asker(
        [program.path] + program.arguments,
        environment: AskingProgram.environment(
          home: places.home, from: context.environment.entries),
        seconds: launch.profile.flow[.approval].value)
    } catch {
      throw CommandError(step: error.step, subject: error.subject, errno: error.errno)
    }
  }

  /// What is allowed here beyond what Cordon does by itself is said.
  private func tellOfElicitation() {
    guard launch.profile.approval.elicitation.value == .allow else { return }
    context.console.warn(
      "approval.elicitation: what the host answers in your name decides about tools that wait")
  }

  /// It is looked at again before each start; who set it up is told at once.
  private func tellOfProgram(_ path: String) {
    do throws(SystemError) {
      _ = try AskingProgram.check(path, as: geteuid())
    } catch {
      context.console.warn("approval.program can't be started: \(Printable.text("\(error)"))")
      context.console.hint(AskingProgram.hint(step: error.step))
    }
  }
}
