import Glibc
import Sandbox

/// What relative paths of the command line are relative to, as with every program.
enum WorkingDirectory {
  static var path: String {
    guard let current = unsafe getcwd(nil, 0) else { return "/" }
    // getcwd allocates with malloc where it is given no buffer.
    defer { unsafe free(current) }
    return unsafe String(cString: current)
  }

  /// A path that profiles can take: what begins with `~` or `${` is expanded there.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") || path.hasPrefix("~") || path.hasPrefix("${") { return path }
    return Sandbox.Path.normalized("\(Self.path)/\(path)")
  }
}
