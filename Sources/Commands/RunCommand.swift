import Audit
import Control
import Credentials
import Glibc
import Kernel
import Manifest
import Profile
import Sandbox
import Supervisor

/// `cordon run`: decides the launch, pins it, and hands it to the supervisor.
enum RunCommand {
  static func perform(
    _ options: RunOptions, _ context: CommandContext
  ) throws(CommandError) -> Int32 {
    do throws(CommandError) {
      let places = try context.places()
      let preparer = LaunchPreparer(options: options, context: context, places: places)
      let outset = try preparer.outset()
      if options.dryRun {
        let launch = try preparer.prepare(outset, limits: outset.limits) { _ in }
        warnOfUngranted(launch, context)
        DryRun(launch: launch, format: options.format).write(to: context.console)
        return ExitCode.success.rawValue
      }
      // Its processes start on the other processor while this one goes on to read and decide.
      let beginning = try begin(outset, options, places)
      let launch = try preparer.prepare(outset, limits: beginning.limits) {
        (identity) throws(CommandError) in
        try startMaps(of: identity, beginning)
      }
      warnOfUngranted(launch, context)
      return try RunSession(
        options: options, context: context, places: places, launch: launch
      ).run(beginning)
    } catch {
      if !options.dryRun && error.exitCode != .usage {
        // Told at once; the host's first request is waited for after that.
        context.console.report(error)
        tellHost(options.name.text, error, context)
        return error.exitCode.rawValue
      }
      throw error
    }
  }

  private static func begin(
    _ outset: LaunchOutset, _ options: RunOptions, _ places: Places
  ) throws(CommandError) -> Beginning {
    do throws(SystemError) {
      return try Beginning(
        server: options.name.text, supervisor: outset.supervisor, limits: outset.limits,
        stateDirectory: places.state, isVerbose: options.verbose,
        hasEgress: !outset.profile.network.allow.isEmpty)
    } catch {
      throw CommandError(keeping: "the session can't be entered", error)
    }
  }

  private static func startMaps(
    of identity: Sandbox.Identity, _ beginning: Beginning
  ) throws(CommandError) {
    do throws(SystemError) {
      try beginning.startMaps(of: identity)
    } catch {
      throw CommandError(step: error.step, subject: error.subject, errno: error.errno)
    }
  }

  /// A launch that is refused is also the answer to the host's first request, where there is a
  /// host: it may show standard error to nobody.
  private static func tellHost(_ server: String, _ error: CommandError, _ context: CommandContext) {
    guard isatty(0) != 1 else { return }
    let hint = error.hint.map { " (\($0))" } ?? ""
    do throws(SystemError) {
      try Supervisor.refuse(
        server: server, message: "the server was not started: \(error.message)\(hint)",
        waitMilliseconds: 2000)
    } catch {
      context.console.warn("the host could not be told: \(error)")
    }
  }

  /// Nothing is granted silently: what an argument names and the server will not see is said
  /// before the start.
  private static func warnOfUngranted(_ launch: PreparedLaunch, _ context: CommandContext) {
    for warning in launch.command.warnings { context.console.warn(warning) }
    if launch.identity.kind == .separate {
      for path in launch.unreadable {
        context.console.warn("only its owner may read \(path), and the server has another UID")
        context.console.hint("chmod it, or let the server run with your own UID: --identity caller")
      }
    }
    for path in launch.ungranted {
      context.console.warn("the argument '\(path.argument)' exists here but not inside the sandbox")
      context.console.hint(path.hint)
    }
  }
}
