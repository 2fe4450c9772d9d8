import Glibc
import Kernel
import Manifest

/// One server's approvals, with every failure as the command's own.
struct ServerStore {
  let name: String
  private let store: ApprovalStore
  private let console: Console

  /// - Throws: `noSuchServer` where the name has neither approvals nor a definition.
  static func open(_ name: String, _ context: CommandContext) throws(CommandError) -> ServerStore {
    let places = try context.places()
    let store = try make(name, places, context)
    if try !isPresent(store.store.path), try !isPresent(places.definition(of: name)) {
      let nearest = NearestWord.of(name, among: try names(context))
      throw CommandError(
        .noSuchServer, "there is no server '\(name)'",
        hint: nearest.map { "did you mean \($0)?" }
          ?? "a server appears here once it was started with cordon run")
    }
    return store
  }

  /// Every server that has approvals.
  static func all(_ context: CommandContext) throws(CommandError) -> [ServerStore] {
    let places = try context.places()
    var stores: [ServerStore] = []
    for name in try names(context) { stores.append(try make(name, places, context)) }
    return stores
  }

  func load() throws(CommandError) -> ServerRecord {
    do throws(StoreError) {
      return try store.load()
    } catch {
      throw CommandError(error)
    }
  }

  /// Decides under the store's lock: all of it or nothing.
  func update<Result>(
    _ change: (inout ServerRecord) throws(DecisionError) -> Result
  ) throws(CommandError) -> Result {
    do throws(UpdateError<DecisionError>) {
      return try store.update(change) { error in
        console.warn("stored, but a crash of the machine may undo it: \(error)")
      }
    } catch {
      switch error {
      case .store(let failure): throw CommandError(failure)
      case .change(let refusal): throw CommandError(refusal, server: name)
      }
    }
  }

  private static func make(
    _ name: String, _ places: Places, _ context: CommandContext
  ) throws(CommandError) -> ServerStore {
    do throws(StoreError) {
      let store = try ApprovalStore(directory: places.approvals, name: name)
      return ServerStore(name: name, store: store, console: context.console)
    } catch {
      throw CommandError(error)
    }
  }

  private static func names(_ context: CommandContext) throws(CommandError) -> [String] {
    let places = try context.places()
    do throws(StoreError) {
      return try ApprovalStore.names(in: places.approvals)
    } catch {
      throw CommandError(error)
    }
  }

  private static func isPresent(_ path: String) throws(CommandError) -> Bool {
    do throws(SystemError) {
      _ = try Files.status(path)
      return true
    } catch {
      if [ENOENT, ENOTDIR].contains(error.errno.code) { return false }
      throw CommandError(.storeFailure, "\(error)")
    }
  }
}

extension CommandError {
  init(_ error: StoreError) {
    let code: ExitCode = if case .invalidName = error { .usage } else { .storeFailure }
    self.init(code, "\(error)", hint: error.hint)
  }

  /// A decision that was not taken. The digest that would be taken now is not told: whoever
  /// decides is to look at it first.
  init(_ error: DecisionError, server: String) {
    let review = "see what waits now with cordon review \(server)"
    switch error {
    case .unknownItem(let key):
      self.init(.refused, "'\(server)' has no \(ItemReference.text(key))", hint: review)
    case .stale(let key, _?):
      self.init(
        .refused, "\(ItemReference.text(key)) has changed: another content waits", hint: review)
    case .stale(let key, nil):
      self.init(
        .refused, "no content of \(ItemReference.text(key)) has that digest", hint: review)
    case .ambiguous(let key):
      self.init(
        .refused, "the server lists \(ItemReference.text(key)) twice: neither can be approved",
        hint: "the server has to give each item a name of its own")
    case .nothingWaiting:
      self.init(.refused, "nothing of '\(server)' waits")
    case .staleManifest:
      self.init(.refused, "other items of '\(server)' wait than that digest covers", hint: review)
    }
  }
}
