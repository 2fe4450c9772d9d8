import Kernel

/// A range of `/etc/subuid` or `/etc/subgid` (`subuid(5)`): `owner:first:count`, where the owner is
/// a name or a number.
struct SubordinateRange: Equatable {
  let first: UInt32
  let count: UInt32

  /// The first range of the owner. Lines that are not of the form are passed over, as the helpers
  /// do.
  static func find(in text: String, name: String?, uid: UInt32) -> SubordinateRange? {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 3, let first = UInt32(fields[1]), let count = UInt32(fields[2]),
        count > 0, fields[0] == (name ?? "")[...] || fields[0] == "\(uid)"
      else { continue }
      return SubordinateRange(first: first, count: count)
    }
    return nil
  }

  static func read(_ file: String, name: String?, uid: UInt32) throws(IdentityError)
    -> SubordinateRange
  {
    guard Files.exists(file) else { throw .noSubordinateRange(file: file) }
    do throws(SystemError) {
      let text = String(decoding: try Files.read(file, limit: 16 << 20), as: UTF8.self)
      guard let range = find(in: text, name: name, uid: uid) else {
        throw SystemError(step: "find", subject: file, errno: Errno(0))
      }
      return range
    } catch {
      if error.errno.code == 0 { throw .noSubordinateRange(file: file) }
      throw .system(error)
    }
  }
}
