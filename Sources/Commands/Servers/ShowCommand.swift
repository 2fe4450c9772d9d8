import JSON
import Kernel
import Manifest
import Profile
import Sandbox
import Supervisor

/// `cordon show`: one server's definition, and what is kept of it.
enum ShowCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["show"], summary: "show one server's definition and what is kept of it",
    usage: ["show [OPTIONS] NAME"],
    about: [
      """
      Shows the command and every grant of a defined server, where its private home is, whether it \
      runs, and how many decisions were taken and wait.
      """
    ],
    options: [.format],
    examples: [
      .init(purpose: "What a server is given", command: "cordon show notes"),
      .init(purpose: "The same for a script", command: "cordon show notes --format json"),
    ],
    exitCodes: [.success, .usage, .badData, .noSuchServer, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "show")
    let places = try context.places()
    let inventory = try ServerInventory.required(name, in: places)
    let shown = Shown(
      inventory: inventory, definition: try definition(of: inventory, places, context),
      decisions: try decisions(of: inventory, context))
    switch arguments.format {
    case .json: context.console.write(shown.json())
    case .text: context.console.write(shown.text())
    }
    return ExitCode.success.rawValue
  }

  private static func definition(
    of inventory: ServerInventory, _ places: Places, _ context: CommandContext
  ) throws(CommandError) -> Shown.Definition? {
    guard inventory.definition != nil, let name = ServerName(inventory.name) else { return nil }
    do throws(ProfileError) {
      let loader = ProfileLoader.live(places)
      guard let definition = try loader.definition(named: name) else { return nil }
      let profile = try loader.resolve(server: name, definition: definition)
      return Shown.Definition(
        path: definition.path, command: [definition.command.value] + definition.arguments,
        profiles: profile.profiles, grants: profile.explanations)
    } catch {
      throw CommandError(profileFailure: error)
    }
  }

  private static func decisions(
    of inventory: ServerInventory, _ context: CommandContext
  ) throws(CommandError) -> Shown.Decisions? {
    guard inventory.hasDecisions else { return nil }
    let pins = try ServerStore.open(inventory.name, context).load().pins
    return Shown.Decisions(
      approved: pins.approved.count, waiting: pins.waiting.count, rejected: pins.rejected.count)
  }
}

/// What `show` prints.
struct Shown {
  struct Definition {
    let path: String
    let command: [String]
    let profiles: [String]
    let grants: [Explanation]
  }

  struct Decisions {
    let approved: Int
    let waiting: Int
    let rejected: Int
  }

  let inventory: ServerInventory
  /// Nil for an ad hoc server.
  let definition: Definition?
  /// Nil where none was ever taken.
  let decisions: Decisions?

  func text() -> String {
    var lines = ["\(inventory.name): \(definition == nil ? "ad hoc" : "defined")"]
    if let definition {
      lines.append("definition: \(definition.path)")
      lines.append("command: \(definition.command.map { "\"\($0)\"" }.joined(separator: " "))")
      lines.append("profiles: \(definition.profiles.joined(separator: " "))")
      lines += definition.grants.map { "  \($0.field): \($0.value)" }
    }
    lines.append("home: \(inventory.home ?? "none yet")")
    lines.append(
      decisions.map {
        "decisions: \($0.approved) approved, \($0.waiting) waiting, "
          + "\($0.rejected) rejected"
      } ?? "decisions: none yet")
    let running = inventory.sessions.map { "\($0.supervisor.pid)" }
    lines.append(
      running.isEmpty ? "not running" : "running: process \(running.joined(separator: ", "))")
    return lines.map(Printable.text).joined(separator: "\n") + "\n"
  }

  func json() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("name") { $0.string(inventory.name) }
      root.member("definition") { member in
        guard let definition else { return member.null() }
        member.object { fields in
          fields.member("path") { $0.string(definition.path) }
          fields.member("command") { Self.list(definition.command, &$0) }
          fields.member("profiles") { Self.list(definition.profiles, &$0) }
          fields.member("grants") { member in
            member.array { list in
              for grant in definition.grants {
                list.object { fields in
                  fields.member("field") { $0.string(grant.field) }
                  fields.member("value") { $0.string(grant.value) }
                }
              }
            }
          }
        }
      }
      root.member("home") { member in
        if let home = inventory.home { member.string(home) } else { member.null() }
      }
      root.member("decisions") { member in
        guard let decisions else { return member.null() }
        member.object { fields in
          fields.member("approved") { $0.int(decisions.approved) }
          fields.member("waiting") { $0.int(decisions.waiting) }
          fields.member("rejected") { $0.int(decisions.rejected) }
        }
      }
      root.member("running") { member in
        member.array { list in
          for session in inventory.sessions { list.int(Int(session.supervisor.pid)) }
        }
      }
    }
    return TerminalSafeJSON.line(writer)
  }

  private static func list(_ words: [String], _ writer: inout JSONWriter) {
    writer.array { list in
      for word in words { list.string(word) }
    }
  }
}
