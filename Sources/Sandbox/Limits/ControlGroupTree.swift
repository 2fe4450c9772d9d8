import Glibc
import Kernel

/// The cgroup hierarchies of a machine as files, and where this process stands in them.
///
/// Looked for at `/sys/fs/cgroup`, where systemd, OpenRC and every container put them; a test names
/// a directory of its own.
struct ControlGroupTree: Sendable {
  let root: String
  /// The path of this process's cgroup in each hierarchy, by controller; `""` for version 2.
  private let memberships: [String: String]

  /// The machine's own.
  ///
  /// - Throws: `ENOENT` where the kernel has no cgroups.
  static func machine() throws(SystemError) -> ControlGroupTree {
    let text = try Files.read("/proc/self/cgroup", limit: 64 << 10)
    return ControlGroupTree(
      root: "/sys/fs/cgroup", membership: String(decoding: text, as: UTF8.self))
  }

  /// - Parameter membership: as `/proc/self/cgroup` has it: number, controllers and path.
  init(root: String, membership: String) {
    self.root = root
    var memberships: [String: String] = [:]
    for line in membership.utf8.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(
        separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let path = String(decoding: fields[2], as: UTF8.self)
      for controller in fields[1].split(
        separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      {
        memberships[String(decoding: controller, as: UTF8.self)] = path
      }
    }
    self.memberships = memberships
  }

  /// The version 2 hierarchy: alone on the machine, or beside those of version 1; nil where there
  /// is none.
  var unified: String? {
    [root, "\(root)/unified"].first { Files.exists("\($0)/cgroup.controllers") }
  }

  /// This process's own cgroup in the version 2 hierarchy.
  func own(inUnified hierarchy: String) -> String? {
    memberships[""].map { own(below: hierarchy, $0) }
  }

  /// This process's own cgroup in a version 1 hierarchy; nil where the controller has none.
  func own(of controller: String) -> String? {
    guard let path = memberships[controller], Files.exists("\(root)/\(controller)/tasks") else {
      return nil
    }
    return own(below: "\(root)/\(controller)", path)
  }

  /// In a container without a cgroup namespace the path is the host's, and what is mounted is the
  /// container's own cgroup.
  private func own(below hierarchy: String, _ path: String) -> String {
    guard path != "/" else { return hierarchy }
    return Files.exists(hierarchy + path) ? hierarchy + path : hierarchy
  }

  /// The words of a file such as `cgroup.controllers`; none where it cannot be read.
  static func words(_ path: String) -> Set<String> {
    do throws(SystemError) {
      let text = try Files.read(path, limit: 64 << 10)
      return Set(
        text.split { $0 == 0x20 || $0 == 0x0A }.map { String(decoding: $0, as: UTF8.self) })
    } catch {
      return []
    }
  }

  /// - Throws: `EACCES`, `EROFS` and what else keeps this process from writing there.
  static func requireWritable(_ path: String, _ mode: Int32 = W_OK) throws(SystemError) {
    try check("cgroup", path) { unsafe access(path, mode) }
  }
}
