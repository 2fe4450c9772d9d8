import Glibc
import Kernel
import Manifest
import Profile
import Sandbox
import Supervisor

/// What this user has of one server, wherever it is kept.
struct ServerInventory {
  let name: String
  /// The definition's file; nil for an ad hoc server.
  let definition: String?
  let hasDecisions: Bool
  /// The directory of its private homes; nil where it never had one.
  let home: String?
  let hasIdentity: Bool
  /// Those that run now.
  let sessions: [Sessions.Session]

  var isEmpty: Bool {
    definition == nil && !hasDecisions && home == nil && !hasIdentity && sessions.isEmpty
  }

  init(_ name: String, in places: Places) throws(CommandError) {
    self.name = name
    definition = try Self.existing(places.definition(of: name))
    do throws(StoreError) {
      hasDecisions = try ApprovalStore(directory: places.approvals, name: name).holdsAnything()
    } catch {
      throw CommandError(error)
    }
    home = try Self.existing("\(places.homes)/\(name)")
    do throws(IdentityError) {
      hasIdentity = try IdentityStore(directory: places.state).has(name)
    } catch {
      throw CommandError(identityFailure: error)
    }
    sessions = try Self.sessions(in: places).filter { $0.server.utf8.elementsEqual(name.utf8) }
  }

  /// Every server that this user has anything of, by name.
  static func names(in places: Places) throws(CommandError) -> [String] {
    var names = Set<String>()
    for file in try list(places.servers) where file.hasSuffix(".jsonc") {
      names.insert(String(file.dropLast(6)))
    }
    do throws(StoreError) {
      names.formUnion(try ApprovalStore.names(in: places.approvals))
    } catch {
      throw CommandError(error)
    }
    names.formUnion(try list(places.homes))
    do throws(IdentityError) {
      names.formUnion(try IdentityStore(directory: places.state).names())
    } catch {
      throw CommandError(identityFailure: error)
    }
    return names.filter { ServerName($0) != nil }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The only one of this name, or the error that says what was probably meant.
  static func required(
    _ name: String, in places: Places
  ) throws(CommandError) -> ServerInventory {
    let inventory = try ServerInventory(name, in: places)
    guard inventory.isEmpty else { return inventory }
    let nearest = NearestWord.of(name, among: try names(in: places))
    throw CommandError(
      .noSuchServer, "there is no server '\(name)'",
      hint: nearest.map { "did you mean \($0)?" } ?? "cordon list shows those that there are")
  }

  private static func sessions(in places: Places) throws(CommandError) -> [Sessions.Session] {
    do throws(SystemError) {
      return try Sessions(stateDirectory: places.state).running()
    } catch {
      throw CommandError(.storeFailure, "the running sessions can't be read: \(error)")
    }
  }

  private static func existing(_ path: String) throws(CommandError) -> String? {
    do throws(SystemError) {
      _ = try Files.status(path, follow: false)
      return path
    } catch {
      if [ENOENT, ENOTDIR].contains(error.errno.code) { return nil }
      throw CommandError(.storeFailure, "\(error)")
    }
  }

  /// A missing directory holds nothing.
  private static func list(_ path: String) throws(CommandError) -> [String] {
    do throws(SystemError) {
      return try Files.list(path)
    } catch {
      if error.errno.code == ENOENT { return [] }
      throw CommandError(.storeFailure, "\(error)")
    }
  }
}
