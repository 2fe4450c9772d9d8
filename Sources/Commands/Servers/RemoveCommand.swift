import Glibc
import JSON
import Kernel
import Manifest
import Sandbox
import Supervisor

/// `cordon remove`: everything of one server that Cordon keeps, but for the audit log.
enum RemoveCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["remove"], summary: "remove a server and all that is kept of it",
    usage: ["remove [OPTIONS] NAME"],
    about: [
      """
      Removes the definition, every decision about the server, and its private home with all that \
      the server kept there; then its UID is free for another. Works for ad hoc servers too. Asks \
      first. The audit log stays.
      """,
      """
      A server that runs is not removed. The UID of one that could write granted directories with \
      an identity of its own is never given to another: its files may still be there.
      """, DecideCommand.guarded,
    ],
    options: [.flag("yes", "do not ask"), .format],
    examples: [
      .init(purpose: "Look first", command: "cordon show notes"),
      .init(purpose: "Remove it, in a script", command: "cordon remove notes --yes"),
    ],
    exitCodes: [
      .success, .usage, .noSuchServer, .unavailable, .storeFailure, .refused, .configuration,
    ]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "remove")
    try DecisionGuard.check(context)
    let places = try context.places()
    let inventory = try ServerInventory.required(name, in: places)
    let lock = try alone(inventory, places)
    if !arguments.has("yes"), try !isWanted(inventory, context) {
      context.console.note("nothing was removed")
      return ExitCode.refused.rawValue
    }
    let removed = try remove(inventory, places, context)
    do throws(SystemError) {
      try lock.removeFile()
    } catch {
      // An empty file that names nobody's server holds nobody up.
      context.console.warn("\(error)")
    }
    switch arguments.format {
    case .json: context.console.write(removed.json())
    case .text: context.console.write(removed.text())
    }
    return ExitCode.success.rawValue
  }

  /// Nobody starts the server while this is held.
  private static func alone(
    _ inventory: ServerInventory, _ places: Places
  ) throws(CommandError) -> PresenceLock {
    do throws(SystemError) {
      try Files.makeDirectories(places.locks, mode: 0o700)
      if let lock = try PresenceLock.alone(places.lock(of: inventory.name)) { return lock }
    } catch {
      throw CommandError(keeping: "the server's name can't be held", error)
    }
    let processes = inventory.sessions.map { "\($0.supervisor.pid)" }.joined(separator: ", ")
    throw CommandError(
      .refused, "'\(inventory.name)' is running",
      hint: processes.isEmpty
        ? "end it first" : "end it first: it is process \(processes)")
  }

  private static func isWanted(
    _ inventory: ServerInventory, _ context: CommandContext
  ) throws(CommandError) -> Bool {
    guard let dialogue = context.dialogue() else {
      throw CommandError(
        .refused, "remove asks, and there is no terminal to ask at",
        hint: "cordon remove --yes \(inventory.name)")
    }
    var text = "Remove '\(inventory.name)'?\n"
    if let definition = inventory.definition { text += "  its definition \(definition)\n" }
    if inventory.hasDecisions { text += "  every decision about its tools and its launch\n" }
    if let home = inventory.home { text += "  its private home \(home), and all that it kept\n" }
    dialogue.write(Printable.text(text) + "y removes, any other key leaves everything: ")
    let key = try dialogue.readKey()
    dialogue.write("\n")
    return key == .character(UInt8(ascii: "y")) || key == .character(UInt8(ascii: "Y"))
  }

  /// The home first: it is what can fail, and then the rest is still there to try again with.
  private static func remove(
    _ inventory: ServerInventory, _ places: Places, _ context: CommandContext
  ) throws(CommandError) -> Removed {
    let name = inventory.name
    var audit = try DecisionAudit(server: name, context)
    var removed = Removed(name: name, hadDefinition: inventory.definition != nil)
    let homes = HomeRemoval(
      "\(places.homes)/\(name)", of: name, account: places.account, stateDirectory: places.state)
    do throws(HomeRemoval.Failure) {
      removed.files = try homes.run()
    } catch {
      throw CommandError(homeRemains: error, name: name)
    }
    if inventory.hasDecisions { try removeDecisions(name, places, into: &removed, context) }
    if let definition = inventory.definition {
      do throws(SystemError) {
        try Files.remove(definition)
      } catch {
        throw CommandError(keeping: "the definition is still there", error)
      }
    }
    do throws(IdentityError) {
      removed.isIdentityFree = try IdentityStore(directory: places.state).release(name)
    } catch {
      throw CommandError(identityFailure: error)
    }
    try audit.recordRemoved(
      files: removed.files, decisions: removed.decisions, by: .person(by: "remove"))
    return removed
  }

  private static func removeDecisions(
    _ name: String, _ places: Places, into removed: inout Removed, _ context: CommandContext
  ) throws(CommandError) {
    let store: ApprovalStore
    do throws(StoreError) {
      store = try ApprovalStore(directory: places.approvals, name: name)
    } catch {
      throw CommandError(error)
    }
    do throws(StoreError) {
      let pins = try store.load().pins
      removed.decisions = pins.approved.count + pins.rejected.count
    } catch {
      // What cannot be read can be removed all the same.
      context.console.warn(CommandError(error).message)
    }
    do throws(StoreError) {
      try store.remove()
    } catch {
      throw CommandError(error)
    }
  }
}

/// What a removal took away.
struct Removed {
  let name: String
  let hadDefinition: Bool
  var decisions = 0
  var files: UInt64 = 0
  /// Whether another server may get the UID.
  var isIdentityFree = true

  func text() -> String {
    var parts = hadDefinition ? ["its definition"] : []
    parts.append("\(decisions) decisions")
    parts.append("\(files) files")
    return "\(name): removed with \(parts.joined(separator: ", "))\n"
  }

  func json() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("name") { $0.string(name) }
      root.member("definition") { $0.bool(hadDefinition) }
      root.member("decisions") { $0.int(decisions) }
      root.member("files") { $0.int(Int64(clamping: files)) }
      root.member("identityFree") { $0.bool(isIdentityFree) }
    }
    return TerminalSafeJSON.line(writer)
  }
}

extension CommandError {
  /// A private home that could not be removed, or not all of it.
  init(homeRemains failure: HomeRemoval.Failure, name: String) {
    switch failure {
    case .identity(let error):
      self.init(identityFailure: error)
    case .system(let error):
      self.init(
        .unavailable, "the private home can't be removed: \(error)",
        hint: Hint.of(
          step: error.step, subject: error.subject, errno: error.errno, on: .here))
    case .left(let path, let errno):
      self.init(
        .storeFailure,
        "not all of the private home is gone: \(String(decoding: path, as: UTF8.self)): \(errno)",
        hint: Self.hint(errno) + ", then cordon remove \(name) again")
    }
  }

  private static func hint(_ errno: Errno) -> String {
    switch errno.code {
    case EPERM: "take the immutable flag away as root (chattr -i)"
    case EBUSY, EXDEV: "unmount what is mounted there"
    case EROFS: "mount the file system for writing"
    case EACCES: "it belongs to a user that this removal cannot be: remove it as root"
    default: "see what is there"
    }
  }
}
