import Glibc
import Sandbox

/// `cordon doctor`: what this machine offers, what is missing, and how to get it.
enum DoctorCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["doctor"], summary: "try what this machine offers, and say what is missing",
    usage: ["doctor [OPTIONS]"],
    about: [
      """
      Really tries each layer of the sandbox in processes that are thrown away, and at last a whole \
      launch with either identity. Nothing is kept, and no server is touched.
      """,
      """
      ok is there; absent is not, and cordon run does without it, in the way that is said; missing \
      is what cordon run does not work without. The status is 0 where cordon run works with the \
      default profile, else 69.
      """,
    ],
    options: [
      .format,
      .flag(
        "apparmor-profile",
        "print the AppArmor profile that Ubuntu needs for this program, and nothing else"),
    ],
    examples: [
      .init(purpose: "What is missing here", command: "cordon doctor"),
      .init(
        purpose: "Allow user namespaces on Ubuntu",
        command: "cordon doctor --apparmor-profile | sudo tee /etc/apparmor.d/cordon"),
    ],
    exitCodes: [.success, .usage, .unavailable, .configuration]
  ) { (context, arguments) throws(CommandError) in
    if let extra = arguments.positionals.first {
      throw CommandError(.usage, "unexpected argument '\(extra)'", hint: "see cordon doctor --help")
    }
    if arguments.has("apparmor-profile") {
      context.console.write(AppArmorProfile.text(for: MachineFacts.here.executable))
      return ExitCode.success.rawValue
    }
    let report = DoctorReport(rows: try Examination(context).rows())
    switch arguments.format {
    case .json: context.console.write(report.json())
    case .text:
      let coloured = Terminal.allowsColour(descriptor: 1, context.environment)
      context.console.write(report.text(coloured: coloured))
    }
    return report.works ? ExitCode.success.rawValue : ExitCode.unavailable.rawValue
  }
}
