import JSON
import Profile

/// `cordon profile explain`: every grant of a profile, and the file and line that gave it.
enum ProfileExplainCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["profile", "explain"], summary: "show what a profile grants, and which line says so",
    usage: ["profile explain [OPTIONS] NAME|PATH"],
    about: [
      """
      Shows every grant and decision of a profile with what it extends, each with the files and \
      lines that gave it, and what it opens beyond what it says.
      """,
      """
      A name is looked for among your profiles, then among those that come with Cordon; with \
      --server it is a defined server's, whose profiles and definition are taken together.
      """,
    ],
    options: [.flag("server", "NAME is a defined server's"), .format],
    operands: ShippedProfiles.names,
    examples: [
      .init(
        purpose: "What a server gets that names no profile",
        command: "cordon profile explain default"),
      .init(purpose: "A profile of your own", command: "cordon profile explain ./node-tools.jsonc"),
      .init(purpose: "All layers of a server", command: "cordon profile explain --server notes"),
    ],
    exitCodes: [.success, .usage, .noSuchServer, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let explained = try explain(arguments, context)
    switch arguments.format {
    case .json: context.console.write(explained.json())
    case .text: context.console.write(explained.text())
    }
    return ExitCode.success.rawValue
  }

  private static func explain(
    _ arguments: ParsedArguments, _ context: CommandContext
  ) throws(CommandError) -> ExplainedProfile {
    guard let subject = arguments.positionals.first, arguments.positionals.count == 1 else {
      throw CommandError(
        .usage, "profile explain needs one NAME or PATH", hint: "see cordon profile explain --help")
    }
    let loader = ProfileLoader.live(try context.places())
    if arguments.has("server") {
      let name = try ServerName(argument: subject)
      do throws(ProfileError) {
        return ExplainedProfile(
          subject: subject,
          profile: try loader.resolve(
            server: name, definition: try loader.requiredDefinition(named: name)))
      } catch {
        throw CommandError(profileFailure: error)
      }
    }
    // What `${SERVER}` stands for is known with a server only: it is shown as it is written.
    guard let anyone = ServerName("SERVER") else {
      throw CommandError(.internalError, "a placeholder is no server's name")
    }
    var options = ProfileOptions()
    options.profiles = [subject.utf8.contains(0x2F) ? WorkingDirectory.absolute(subject) : subject]
    do throws(ProfileError) {
      return ExplainedProfile(
        subject: subject, profile: try loader.resolve(server: anyone, options: options))
    } catch {
      throw CommandError(profileFailure: error)
    }
  }
}

/// What `profile explain` prints.
struct ExplainedProfile {
  let subject: String
  let profile: ResolvedProfile

  func text() -> String {
    var lines = ["\(subject): \(profile.profiles.joined(separator: ", "))"]
    for line in profile.explanations {
      let origins = line.origins.map(\.description).joined(separator: ", ")
      lines.append("\(line.field): \(line.value)  (\(origins))")
      lines += line.remarks.map { "  \($0)" }
    }
    lines += NetworkExplanation(network: profile.network).remarks
    return lines.map(Printable.text).joined(separator: "\n") + "\n"
  }

  func json() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("subject") { $0.string(JSONString(subject)) }
      root.member("profiles") { Self.list(profile.profiles, &$0) }
      root.member("grants") { member in
        member.array { list in
          for line in profile.explanations {
            list.object { fields in
              fields.member("field") { $0.string(JSONString(line.field)) }
              fields.member("value") { $0.string(JSONString(line.value)) }
              fields.member("origins") { Self.list(line.origins.map(\.description), &$0) }
              fields.member("remarks") { Self.list(line.remarks, &$0) }
            }
          }
        }
      }
      root.member("remarks") {
        Self.list(NetworkExplanation(network: profile.network).remarks, &$0)
      }
    }
    return TerminalSafeJSON.line(writer)
  }

  private static func list(_ words: [String], _ writer: inout JSONWriter) {
    writer.array { list in
      for word in words { list.string(JSONString(word)) }
    }
  }
}
