import Glibc
import JSON
public import Kernel

/// Which server has which place in the range of UIDs. A place is never given to another name while
/// files of its owner may remain.
public struct IdentityStore: Sendable {
  /// Root's range: 1900000000 to 1900065535, in blocks of one launch's IDs.
  public static let firstRootUID: UInt32 = 1_900_000_000
  public static let rootRange: UInt32 = 65_536
  static let rootBlock: UInt32 = 4

  private let path: String
  private let lockPath: String

  /// - Parameter directory: the state directory.
  public init(directory: String) {
    path = "\(directory)/identities.json"
    lockPath = "\(directory)/identities.lock"
  }

  /// The entry of this name, taken under a lock where it has none yet. The directory exists.
  ///
  /// - Parameters:
  ///   - capacity: how many places there are.
  ///   - leavesFiles: what runs may leave files of its own where `release` does not look.
  ///   - ids: what a place stands for; nil where it cannot be used.
  /// - Throws: `IdentityError.full`, and `.damaged` for a file that cannot be read: giving out a
  ///   place that another server's files belong to would be worse than not starting.
  func take(
    for name: String, capacity: UInt32, leavesFiles: Bool = false, ids: (UInt32) -> Owner?
  ) throws(IdentityError) -> IdentityTable.Entry {
    try locked { () throws(IdentityError) in
      var table = try load()
      let name = JSONString(name)
      let known = table.entry(of: name)
      guard var entry = known ?? table.take(for: name, capacity: capacity, ids: ids) else {
        throw IdentityError.full(path: path)
      }
      entry.owner = entry.owner ?? ids(entry.place)
      entry.leavesFiles = entry.leavesFiles || leavesFiles
      table.update(entry)
      if entry != known { try save(table) }
      return entry
    }
  }

  /// The entry that `take` would give, with nothing taken: the directory need not exist.
  func look(
    for name: String, capacity: UInt32, ids: (UInt32) -> Owner?
  ) throws(IdentityError) -> IdentityTable.Entry {
    var table = try load()
    let name = JSONString(name)
    guard
      var entry = table.entry(of: name) ?? table.take(for: name, capacity: capacity, ids: ids)
    else { throw .full(path: path) }
    entry.owner = entry.owner ?? ids(entry.place)
    return entry
  }

  /// Whether the name has a place.
  public func has(_ name: String) throws(IdentityError) -> Bool {
    try load().entry(of: JSONString(name)) != nil
  }

  /// The IDs of the name's place; nil where it has none, or an earlier version kept none.
  public func owner(of name: String) throws(IdentityError) -> Owner? {
    try load().entry(of: JSONString(name))?.owner
  }

  /// Every name that has a place.
  public func names() throws(IdentityError) -> [String] {
    try load().entries.map(\.name.string)
  }

  /// Takes the place from a name that is no more. The caller has made sure that no process and no
  /// file of its owner is left where Cordon put them.
  ///
  /// - Returns: whether another name may get the place: not where files may be elsewhere too.
  @discardableResult
  public func release(_ name: String) throws(IdentityError) -> Bool {
    // Read first: whoever never had a place needs no lock, nor a directory to put it in.
    guard try has(name) else { return true }
    return try locked { () throws(IdentityError) in
      var table = try load()
      guard let entry = table.release(JSONString(name)) else { return true }
      try save(table)
      return !entry.leavesFiles
    }
  }

  private func locked<Value>(
    _ body: () throws(IdentityError) -> Value
  ) throws(IdentityError) -> Value {
    let lock: FileLock
    do throws(SystemError) {
      lock = try FileLock(path: lockPath)
    } catch {
      throw .system(error)
    }
    return try withExtendedLifetime(lock) { () throws(IdentityError) in try body() }
  }

  private func load() throws(IdentityError) -> IdentityTable {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(path, limit: 16 << 20)
    } catch {
      if error.errno.code == ENOENT { return IdentityTable() }
      throw .system(error)
    }
    do throws(IdentityTable.Damage) {
      return try IdentityTable(bytes)
    } catch {
      throw .damaged(path: path, reason: error.reason)
    }
  }

  private func save(_ table: IdentityTable) throws(IdentityError) {
    do throws(SystemError) {
      try Files.replace(path, with: table.bytes, mode: 0o600)
    } catch {
      throw .system(error)
    }
  }
}

/// Why a server could not be given an identity.
public enum IdentityError: Error, Equatable, Sendable {
  case full(path: String)
  case damaged(path: String, reason: String)
  case system(SystemError)
  /// Neither `newuidmap` nor `newgidmap` may be missing; this one is.
  case helperMissing(String)
  /// The file has no range for the caller.
  case noSubordinateRange(file: String)
  /// Every ID of the caller's that is left is another's too.
  case overlapping(file: String, owner: String)
  /// The server's files belong to an ID that the file no longer gives to the caller.
  case rangeMoved(file: String, id: UInt32)
}
