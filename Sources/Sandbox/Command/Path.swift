import Kernel

/// Paths as the kernel has them: bytes between slashes. (A `String` would take two names for one where
/// they only look the same.)
public enum Path {
  static func join(_ directory: String, _ name: String) -> String {
    directory.utf8.last == UInt8(ascii: "/") ? directory + name : "\(directory)/\(name)"
  }

  static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  static func components(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
  }

  static func name(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    guard let last = path.utf8.lastIndex(where: { $0 != slash }) else { return "" }
    let start = path.utf8[...last].lastIndex(of: slash).map(path.utf8.index(after:))
    return String(path[(start ?? path.startIndex)...last])
  }

  static func parent(_ path: String) -> String { Files.parent(of: path) }

  /// Without `.`, `..` and repeated slashes; looks at nothing.
  public static func normalized(_ path: String) -> String {
    var result: [String] = []
    for component in components(path) {
      if same(component, "..") {
        _ = result.popLast()
      } else if !same(component, ".") {
        result.append(component)
      }
    }
    return "/" + result.joined(separator: "/")
  }

  public static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  /// Whether `path` is `directory` or something below it.
  public static func isWithin(_ path: String, _ directory: String) -> Bool {
    var own = path.utf8[...]
    var above = directory.utf8[...]
    while let wanted = nextComponent(of: &above) {
      guard let found = nextComponent(of: &own), found.elementsEqual(wanted) else { return false }
    }
    return true
  }

  private static func nextComponent(of rest: inout Substring.UTF8View) -> Substring.UTF8View? {
    let slash = UInt8(ascii: "/")
    rest = rest.drop { $0 == slash }
    guard !rest.isEmpty else { return nil }
    let component = rest.prefix { $0 != slash }
    rest = rest[component.endIndex...]
    return component
  }
}

extension [String] {
  func containsPath(_ path: String) -> Bool { contains { Path.same($0, path) } }
}
