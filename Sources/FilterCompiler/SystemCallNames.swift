import CSeccomp
import Glibc

/// The names of system calls, as libseccomp knows them.
public enum SystemCallNames {
  /// Calls younger than the tables of libseccomp 2.5.4 (Debian 12). From 424 on a call has the same
  /// number on every architecture, so these are not one architecture's numbers.
  static let newer: [(name: String, number: Int32)] = [
    ("statmount", 457), ("listmount", 458), ("lsm_get_self_attr", 459),
    ("lsm_set_self_attr", 460), ("lsm_list_modules", 461), ("mseal", 462), ("setxattrat", 463),
    ("getxattrat", 464), ("listxattrat", 465), ("removexattrat", 466), ("open_tree_attr", 467),
    ("file_getattr", 468), ("file_setattr", 469),
  ]

  /// Where a name leads.
  enum Resolution: Equatable {
    /// A number of libseccomp's own, which it translates for the target.
    case known(Int32)
    /// A number that libseccomp's tables lack.
    case newer(Int32)
    /// A call of other architectures only.
    case elsewhere
    case unknown
  }

  static func resolve(_ name: String, on architecture: Architecture) -> Resolution {
    // A string's bytes up to an embedded zero would name another call.
    guard !name.utf8.contains(0) else { return .unknown }
    let target = unsafe seccomp_syscall_resolve_name_arch(architecture.token, name)
    if target >= 0 { return .known(unsafe seccomp_syscall_resolve_name(name)) }
    // __NR_SCMP_ERROR is −1; other negative numbers stand for calls of other architectures.
    if target != -1 { return .elsewhere }
    guard let match = newer.first(where: { $0.name == name }) else { return .unknown }
    return .newer(match.number)
  }

  /// Whether any architecture has a call of this name.
  public static func isKnown(_ name: String) -> Bool {
    resolve(name, on: .current) != .unknown
  }

  /// The call's number, or nil where the architecture has no such call.
  public static func number(of name: String, on architecture: Architecture) -> Int32? {
    switch resolve(name, on: architecture) {
    case .known: return unsafe seccomp_syscall_resolve_name_arch(architecture.token, name)
    case .newer(let number): return number
    case .elsewhere, .unknown: return nil
    }
  }

  /// The name of a call on this architecture that looks most like `name`, if any is near.
  public static func nearest(to name: String) -> String? {
    let candidates = all().map { (name: $0, distance: distance(Array(name.utf8), Array($0.utf8))) }
    let best = candidates.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= max(2, name.utf8.count / 3) else { return nil }
    return best.name
  }

  /// Every name on an architecture, in the order of their numbers.
  public static func all(on architecture: Architecture = .current) -> [String] {
    var names: [String] = []
    for number in 0..<newer[0].number {
      let found = unsafe seccomp_syscall_resolve_num_arch(architecture.token, number)
      guard let text = unsafe found else { continue }
      names.append(unsafe String(cString: text))
      unsafe free(text)
    }
    return names + newer.map(\.name)
  }

  /// Levenshtein distance, in bytes.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substituted = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
