import JSON
public import Kernel

/// Which server has which place in the range of UIDs. A place is never given to another name,
/// because files of its owner may remain.
public struct IdentityStore: Sendable {
  /// Root's range: 1900000000 to 1900065535, in blocks of one launch's IDs.
  public static let firstRootUID: UInt32 = 1_900_000_000
  public static let rootRange: UInt32 = 65_536
  static let rootBlock: UInt32 = 4

  private let path: String
  private let lockPath: String

  /// - Parameter directory: the state directory, which exists.
  public init(directory: String) {
    path = "\(directory)/identities.json"
    lockPath = "\(directory)/identities.lock"
  }

  /// The place of this name, taken under a lock where it has none yet.
  ///
  /// - Parameter capacity: how many places there are.
  /// - Throws: `IdentityError.full`, and `.damaged` for a file that cannot be read: giving out a
  ///   place that another server's files belong to would be worse than not starting.
  public func place(of name: String, capacity: UInt32) throws(IdentityError) -> UInt32 {
    do throws(SystemError) {
      let lock = try FileLock(path: lockPath)
      let place = try placeLocked(of: name, capacity: capacity)
      lock.unlock()
      return place
    } catch {
      if error.step == Self.fullStep { throw .full(path: path) }
      if error.step == Self.damagedStep { throw .damaged(path: path, reason: error.subject) }
      throw .system(error)
    }
  }

  private static let fullStep = "allocate"
  private static let damagedStep = "parse"

  private func placeLocked(of name: String, capacity: UInt32) throws(SystemError) -> UInt32 {
    var places = try load()
    if let place = places.first(where: { $0.name == JSONString(name) }) { return place.index }
    let next = (places.map(\.index).max() ?? 0) + (places.isEmpty ? 0 : 1)
    guard next < capacity else {
      throw SystemError(step: Self.fullStep, subject: path, errno: Errno(0))
    }
    places.append((JSONString(name), next))
    try Files.replace(path, with: encode(places), mode: 0o600)
    return next
  }

  private func load() throws(SystemError) -> [(name: JSONString, index: UInt32)] {
    guard Files.exists(path) else { return [] }
    let bytes = try Files.read(path, limit: 16 << 20)
    func damaged(_ reason: String) -> SystemError {
      SystemError(step: Self.damagedStep, subject: reason, errno: Errno(0))
    }
    let document: JSONNode
    do throws(JSONError) {
      document = try JSONReader.parse(bytes)
    } catch {
      throw damaged("\(error)")
    }
    guard document["schema"]?.int64 == 1, let servers = document["servers"]?.array else {
      throw damaged("not a list of servers of schema 1")
    }
    var places: [(JSONString, UInt32)] = []
    for server in servers {
      guard let name = server["name"]?.string, let place = server["place"]?.int64,
        let index = UInt32(exactly: place)
      else { throw damaged("a server without name and place") }
      places.append((name, index))
    }
    return places
  }

  private func encode(_ places: [(name: JSONString, index: UInt32)]) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("schema")
    writer.int(1)
    writer.key("servers")
    writer.beginArray()
    for place in places {
      writer.beginObject()
      writer.key("name")
      writer.string(place.name)
      writer.key("place")
      writer.int(Int64(place.index))
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.bytes + [UInt8(ascii: "\n")]
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
}
