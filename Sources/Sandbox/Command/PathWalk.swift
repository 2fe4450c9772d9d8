import Glibc
import Kernel

/// A path followed to the file that it means, one name at a time, with every symbolic link on the way.
struct PathWalk {
  struct Link: Hashable {
    let path: String
    let target: String
  }

  /// The file itself: no link in it.
  let real: String
  let links: [Link]
  /// The path as it was given, then as each link rewrote it; the last is `real`.
  let hops: [String]

  /// The kernel's bound (MAXSYMLINKS).
  private static let mostLinks = 40

  static func follow(_ path: String) throws(CommandError) -> PathWalk {
    var pending = Array(Path.components(path).reversed())
    var current = "/"
    var links: [Link] = []
    var hops = [path]
    while let component = pending.popLast() {
      if Path.same(component, ".") { continue }
      if Path.same(component, "..") {
        current = Path.parent(current)
        continue
      }
      let next = Path.join(current, component)
      guard try kind(of: next) == .symbolicLink else {
        current = next
        continue
      }
      guard links.count < mostLinks else {
        throw .unreadable(SystemError(step: "resolve", subject: path, errno: Errno(ELOOP)))
      }
      let target = try target(of: next)
      links.append(Link(path: next, target: target))
      if Path.isAbsolute(target) { current = "/" }
      pending += Path.components(target).reversed()
      hops.append(pending.reversed().reduce(current) { Path.join($0, $1) })
    }
    if let last = hops.last, !Path.same(last, current) { hops.append(current) }
    return PathWalk(real: current, links: links, hops: hops)
  }

  private static func kind(of path: String) throws(CommandError) -> FileStatus.Kind {
    do { return try Files.status(path, follow: false).kind } catch { throw .unreadable(error) }
  }

  private static func target(of path: String) throws(CommandError) -> String {
    do { return try Files.readLink(path) } catch { throw .unreadable(error) }
  }
}
