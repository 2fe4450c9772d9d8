import JSON
import Manifest
import Profile

/// `cordon list`: the servers that this user has anything of.
enum ListCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["list"], summary: "list the servers", usage: ["list [OPTIONS]"],
    about: [
      """
      Lists the defined servers, and the ad hoc ones that were started before: whether each runs \
      now, and how many items wait for a decision.
      """
    ],
    options: [.format],
    examples: [
      .init(purpose: "The names, for a script", command: "cordon list --format json")
    ],
    exitCodes: [.success, .usage, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    if let extra = arguments.positionals.first {
      throw CommandError(.usage, "unexpected argument '\(extra)'", hint: "see cordon list --help")
    }
    let places = try context.places()
    var rows: [Row] = []
    for name in try ServerInventory.names(in: places) { rows.append(try row(name, context)) }
    switch arguments.format {
    case .json: context.console.write(json(rows))
    case .text: context.console.write(text(rows))
    }
    return ExitCode.success.rawValue
  }

  struct Row {
    let name: String
    let isDefined: Bool
    let running: Int
    /// Nil where the decisions can't be read.
    let waiting: Int?
  }

  private static func row(_ name: String, _ context: CommandContext) throws(CommandError) -> Row {
    let inventory = try ServerInventory(name, in: try context.places())
    var waiting: Int? = 0
    do throws(CommandError) {
      if inventory.hasDecisions {
        waiting = try ServerStore.open(name, context).load().waitingCount
      }
    } catch {
      // One server's damaged file must not hide the others.
      context.console.warn(error.message)
      waiting = nil
    }
    return Row(
      name: name, isDefined: inventory.definition != nil, running: inventory.sessions.count,
      waiting: waiting)
  }

  static func text(_ rows: [Row]) -> String {
    let width = rows.map { $0.name.utf8.count }.max() ?? 0
    return rows.map { row in
      let padding = String(repeating: " ", count: width - row.name.utf8.count)
      var words = [row.isDefined ? "defined" : "ad hoc "]
      words.append(row.running == 0 ? "-      " : "running")
      words.append(row.waiting.map { $0 == 0 ? "-" : "\($0) waiting" } ?? "unreadable")
      return "\(row.name)\(padding)  \(words.joined(separator: "  "))\n"
    }.joined()
  }

  static func json(_ rows: [Row]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("servers") { member in
        member.array { list in
          for row in rows {
            list.object { fields in
              fields.member("name") { $0.string(row.name) }
              fields.member("defined") { $0.bool(row.isDefined) }
              fields.member("running") { $0.int(row.running) }
              fields.member("waiting") { member in
                if let waiting = row.waiting { member.int(waiting) } else { member.null() }
              }
            }
          }
        }
      }
    }
    return TerminalSafeJSON.line(writer)
  }
}
