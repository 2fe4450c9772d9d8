/// The directories that every sandbox shows read-only: what lies in them needs no grant.
enum SystemDirectories {
  static let visible = SystemView.rootNames + ["/etc/alternatives"]

  /// Places that are the sandbox's own, or the kernel's: nothing of the machine's is shown there.
  static let own = ["/proc", "/sys", "/dev"]

  /// Where a loader looks after a program's own search path.
  static let libraries: [String] = {
    #if arch(x86_64)
      let triplet = "x86_64-linux-gnu"
    #elseif arch(arm64)
      let triplet = "aarch64-linux-gnu"
    #endif
    return [
      "/lib/\(triplet)", "/usr/lib/\(triplet)", "/usr/local/lib/\(triplet)", "/lib64", "/usr/lib64",
      "/lib", "/usr/lib", "/usr/local/lib",
    ]
  }()

  static func shows(_ path: String) -> Bool {
    visible.contains { Path.isWithin(path, $0) }
  }
}
