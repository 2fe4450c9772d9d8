import CPSL
import Glibc
import Kernel

/// Names below which anybody can have one: a wildcard over such a name grants strangers' hosts.
enum PublicSuffixes {
  private static let path = "/usr/share/publicsuffix/public_suffix_list.dat"

  /// The list as text; nil where the machine has none.
  private static let systemList: [UInt8]? = {
    do throws(SystemError) { return try Files.read(path, limit: 16 << 20) } catch { return nil }
  }()

  /// Whether the name itself is one, of the private section too. A single label always is.
  ///
  /// The newer of the system's list and of the one in the library is asked.
  static func contains(_ name: String) throws(ValueFault) -> Bool {
    guard let context = unsafe psl_latest(nil) else {
      throw ValueFault(
        .badDestination, "there is no list of public suffixes to look a wildcard up in")
    }
    // What is the library's own is left alone by it.
    defer { unsafe psl_free(context) }
    return unsafe psl_is_public_suffix2(context, name, PSL_TYPE_ANY) == 1
  }

  /// A public suffix that lies below the name, such as `s3.amazonaws.com` below `amazonaws.com`. The
  /// library can't be asked for it, so that it takes the system's list (Debian: `publicsuffix`).
  ///
  /// - Throws: `badDestination` where the list is missing or cut off: what could not be looked up is
  ///   not granted.
  static func first(below name: String) throws(ValueFault) -> String? {
    try first(below: name, in: systemList)
  }

  static func first(below name: String, in list: [UInt8]?) throws(ValueFault) -> String? {
    let ending = [UInt8(ascii: ".")] + Array(name.utf8)
    var isWhole = false
    for line in (list ?? []).split(separator: UInt8(ascii: "\n")) {
      // Comments, and names that are none although they lie below one.
      guard let start = line.first, start != UInt8(ascii: "/"), start != UInt8(ascii: "!") else {
        isWhole = isWhole || line.elementsEqual("// ===END PRIVATE DOMAINS===".utf8)
        continue
      }
      let rule = line.prefix { $0 > 0x20 }
      if rule.count > ending.count - 1, rule.suffix(ending.count).elementsEqual(ending) {
        return String(decoding: rule, as: UTF8.self)
      }
    }
    guard isWhole else {
      throw ValueFault(
        .badDestination,
        "the names below \(name) can't be granted: \(path), which says where strangers have "
          + "names, is missing or not whole",
        hint: "install the package publicsuffix, or write out the hosts that are needed")
    }
    return nil
  }
}
