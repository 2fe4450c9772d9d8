import Glibc

/// The command line of `cordon`.
public enum Commands {
  /// The whole program: what `main` calls, and whose result it exits with.
  public static func main() -> Int32 {
    let words = ProcessArguments.bytes()
    if let status = dispatchInternal(words.first ?? []) { return status }
    // Or a file of ours would get the number, and take what is written to standard error.
    for standard in Int32(0)...2 where fcntl(standard, F_GETFD) < 0 {
      guard unsafe open("/dev/null", O_RDWR) == standard else {
        return ExitCode.internalError.rawValue
      }
    }
    let environment = Environment.current()
    do throws(CommandError) {
      return main(arguments: try ProcessArguments.text(words), environment: environment)
    } catch {
      Console.standard(environment).report(error)
      return error.exitCode.rawValue
    }
  }

  /// One command: `arguments[0]` is the program's name.
  public static func main(arguments: [String], environment: Environment) -> Int32 {
    // A reader that went away is an error of the write (EPIPE), not the end of the process. A
    // server is a child of `run`, and an ignored signal would outlive its exec: there the launch
    // decides.
    if arguments.dropFirst().first != "run" { signal(SIGPIPE, SIG_IGN) }
    return perform(arguments, .live(environment))
  }

  /// One command in the given world; the status that the process would exit with.
  static func perform(_ arguments: [String], _ context: CommandContext) -> Int32 {
    do throws(CommandError) {
      let status = try CommandTable.current.perform(Array(arguments.dropFirst()), context)
      try context.console.finish()
      return status
    } catch {
      context.console.report(error)
      return error.exitCode.rawValue
    }
  }
}
