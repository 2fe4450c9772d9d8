import JSON

/// Who has which IDs: the content of `identities.json`.
///
/// A place is a number in the range of UIDs that servers get. Its IDs are kept beside it, so that
/// a range that moved is seen and not silently taken for another.
struct IdentityTable: Equatable {
  struct Entry: Equatable {
    let name: JSONString
    let place: UInt32
    /// Nil where an earlier version kept the place alone.
    var owner: Owner?
    /// Files of this owner may be in directories that Cordon does not know any more: whoever
    /// could write a granted directory with an ID of its own.
    var leavesFiles = false
  }

  private(set) var entries: [Entry] = []
  /// Places whose server was removed, but which may still own files somewhere.
  private(set) var retired: [Entry] = []

  func entry(of name: JSONString) -> Entry? { entries.first { $0.name == name } }

  /// Takes the first place that nobody has or had.
  ///
  /// - Parameter ids: what the place with this number stands for; nil where it cannot be used.
  /// - Returns: nil where every place is taken.
  mutating func take(
    for name: JSONString, capacity: UInt32, ids: (UInt32) -> Owner?
  ) -> Entry? {
    let known = entries + retired
    let places = Set(known.map(\.place))
    // A range that moved can bring another place's IDs back under a new number.
    let uids = Set(known.compactMap { $0.owner?.uid })
    let gids = Set(known.compactMap { $0.owner?.gid })
    for place in 0..<capacity where !places.contains(place) {
      guard let owner = ids(place), !uids.contains(owner.uid), !gids.contains(owner.gid) else {
        continue
      }
      let entry = Entry(name: name, place: place, owner: owner)
      entries.append(entry)
      return entry
    }
    return nil
  }

  mutating func update(_ entry: Entry) {
    for index in entries.indices where entries[index].name == entry.name { entries[index] = entry }
  }

  /// Forgets the name.
  ///
  /// - Returns: the place, whether or not another may get it; nil where there was none.
  mutating func release(_ name: JSONString) -> Entry? {
    guard let entry = entry(of: name) else { return nil }
    entries.removeAll { $0.name == name }
    if entry.leavesFiles { retired.append(entry) }
    return entry
  }
}

extension IdentityTable {
  /// Why a file is no table of this version.
  struct Damage: Error {
    let reason: String
  }

  init(_ bytes: [UInt8]) throws(Damage) {
    let document: JSONNode
    do throws(JSONError) {
      document = try JSONReader.parse(bytes)
    } catch {
      throw Damage(reason: "\(error)")
    }
    guard document["schema"]?.int64 == 1, let servers = document["servers"]?.array else {
      throw Damage(reason: "not a list of servers of schema 1")
    }
    for server in servers { entries.append(try Self.entry(server)) }
    for server in document["retired"]?.array ?? [] { retired.append(try Self.entry(server)) }
  }

  private static func entry(_ node: JSONNode) throws(Damage) -> Entry {
    guard let name = node["name"]?.string, let place = try number(node["place"]) else {
      throw Damage(reason: "a server without name and place")
    }
    var entry = Entry(name: name, place: place)
    let ids = (uid: try number(node["uid"]), gid: try number(node["gid"]))
    switch ids {
    case (let uid?, let gid?): entry.owner = Owner(uid: uid, gid: gid)
    case (nil, nil): break
    case (_?, nil), (nil, _?): throw Damage(reason: "a server with one ID of two")
    }
    entry.leavesFiles = node["leavesFiles"]?.bool ?? false
    return entry
  }

  /// Nil for a member that is not there.
  private static func number(_ node: JSONNode?) throws(Damage) -> UInt32? {
    guard let node else { return nil }
    guard let value = node.int64, let number = UInt32(exactly: value) else {
      throw Damage(reason: "what should be a number is none")
    }
    return number
  }

  var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      for (key, list) in [("servers", entries), ("retired", retired)] {
        root.member(JSONString(key)) { member in
          member.array { array in
            for entry in list { array.object { Self.write(entry, to: &$0) } }
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ entry: Entry, to writer: inout JSONWriter) {
    writer.member("name") { $0.string(entry.name) }
    writer.member("place") { $0.int(Int64(entry.place)) }
    if let owner = entry.owner {
      writer.member("uid") { $0.int(Int64(owner.uid)) }
      writer.member("gid") { $0.int(Int64(owner.gid)) }
    }
    if entry.leavesFiles { writer.member("leavesFiles") { $0.bool(true) } }
  }
}
