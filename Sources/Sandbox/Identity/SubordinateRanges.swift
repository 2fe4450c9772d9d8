import Glibc
import Kernel

/// The ranges of one owner in `/etc/subuid` or `/etc/subgid` (`subuid(5)`), whose lines are
/// `owner:first:count`; the owner is a name or a number.
struct SubordinateRanges: Equatable, Sendable {
  struct Range: Equatable, Sendable {
    let first: UInt32
    let count: UInt32

    func contains(_ id: UInt32) -> Bool { id >= first && id - first < count }
  }

  /// The owner's, in the order of the file.
  let own: [Range]
  /// Everybody else's, with their owners.
  let others: [(owner: String, range: Range)]

  static func == (left: Self, right: Self) -> Bool {
    left.own == right.own
      && left.others.elementsEqual(right.others) { $0.owner == $1.owner && $0.range == $1.range }
  }

  /// Lines that are not of the form are passed over, as the helpers do.
  init(text: String, name: String?, uid: UInt32) {
    var own: [Range] = []
    var others: [(String, Range)] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 3, let first = UInt32(fields[1]), let count = UInt32(fields[2]),
        count > 0
      else { continue }
      // No ID is (uint32_t) -1; a range that runs beyond it ends there.
      let range = Range(first: first, count: min(count, .max - first))
      let isOwn =
        fields[0].utf8.elementsEqual("\(uid)".utf8)
        || name.map { fields[0].utf8.elementsEqual($0.utf8) } ?? false
      if isOwn { own.append(range) } else { others.append((String(fields[0]), range)) }
    }
    self.own = own
    self.others = others
  }

  /// - Throws: `noSubordinateRange` where the owner has none or there is no such file.
  static func read(
    _ file: String, name: String?, uid: UInt32
  ) throws(IdentityError) -> SubordinateRanges {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(file, limit: 16 << 20)
    } catch {
      if error.errno.code == ENOENT { throw .noSubordinateRange(file: file) }
      throw .system(error)
    }
    let ranges = SubordinateRanges(
      text: String(decoding: bytes, as: UTF8.self), name: name, uid: uid)
    guard !ranges.own.isEmpty else { throw .noSubordinateRange(file: file) }
    return ranges
  }

  /// How many IDs the owner has.
  var count: UInt32 {
    own.reduce(0) { $0.addingReportingOverflow($1.count).partialValue }
  }

  /// The ID with this number among the owner's.
  subscript(_ place: UInt32) -> UInt32? {
    var rest = place
    for range in own {
      if rest < range.count { return range.first + rest }
      rest -= range.count
    }
    return nil
  }

  func contains(_ id: UInt32) -> Bool { own.contains { $0.contains(id) } }

  /// Who else was given this ID: two users' servers would then be one to the kernel.
  func otherOwner(of id: UInt32) -> String? {
    others.first { $0.range.contains(id) }?.owner
  }
}
