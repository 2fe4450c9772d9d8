import CLinux
import Glibc
import Kernel

/// An interface of the network namespace that the caller is in.
struct NetworkInterface: Equatable, CustomStringConvertible {
  let name: String
  let isUp: Bool
  /// Of IPv4 or IPv6.
  let hasAddress: Bool

  var description: String {
    name + (isUp ? ", up" : "") + (hasAddress ? ", with an address" : "")
  }

  /// What the kernel puts into every new network namespace where a tunnel's driver is loaded and
  /// `net.core.fb_tunnels_only_for_init_net` is 0: down, without an address, and without the
  /// capability that could change that.
  private static let fallbackTunnels = [
    "erspan0", "gre0", "gretap0", "ip6_vti0", "ip6gre0", "ip6tnl0", "ip_vti0", "sit0", "tunl0",
  ]

  /// Whether a sandbox may have it: the loopback, or an idle tunnel that the kernel put there.
  var isExpected: Bool {
    if name.utf8.elementsEqual("lo".utf8) { return true }
    return !isUp && !hasAddress
      && Self.fallbackTunnels.contains { $0.utf8.elementsEqual(name.utf8) }
  }

  static func all() throws(SystemError) -> [NetworkInterface] {
    var entries = [clinux_interface](repeating: clinux_interface(), count: 64)
    let count = try check("interfaces", "list") {
      unsafe clinux_interfaces(&entries, entries.count)
    }
    return entries.prefix(Int(count)).map { entry in
      // The thunk ends every name with a NUL.
      let name = unsafe withUnsafeBytes(of: entry.name) { (bytes) in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      return NetworkInterface(name: name, isUp: entry.up != 0, hasAddress: entry.addressed != 0)
    }
  }
}
