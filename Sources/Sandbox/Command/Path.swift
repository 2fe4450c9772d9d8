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

  static func name(_ path: String) -> String { components(path).last ?? "" }

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
    let above = components(directory)
    let own = components(path)
    return own.count >= above.count && zip(own, above).allSatisfy { same($0, $1) }
  }
}

extension [String] {
  func containsPath(_ path: String) -> Bool { contains { Path.same($0, path) } }
}
