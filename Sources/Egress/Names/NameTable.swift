import Control
import Kernel

/// Which address inside the sandbox stands for which name: those of the layout from the start, those
/// below a wildcard from when they are first asked for. None changes or goes while the sandbox lives.
struct NameTable {
  /// Of names below wildcards. One takes 300 to 500 bytes: 8 MiB at most.
  static let mostSubdomains = 16_384

  private let hosts: [[UInt8]: (v4: IPAddress, v6: IPAddress)]
  private var subdomains: [[UInt8]: Int] = [:]
  private var names: [IPAddress: [UInt8]] = [:]
  private let newNamesPerMinute: UInt64
  /// Nanoseconds of a minute that are not spent; a new name costs its share of one.
  private var allowance: UInt64
  private var allowedAt: UInt64 = 0

  private static let minute: UInt64 = 60_000_000_000

  init(_ layout: EgressLayout, newNamesPerMinute: Int) {
    var hosts: [[UInt8]: (v4: IPAddress, v6: IPAddress)] = [:]
    for name in layout.names {
      hosts[name.name] = (name.v4, name.v6)
      names[name.v4] = name.name
      names[name.v6] = name.name
    }
    self.hosts = hosts
    self.newNamesPerMinute = UInt64(clamping: newNamesPerMinute)
    allowance = Self.minute
  }

  /// The name that an address stands for. A mapped address is the one that it stands for.
  func name(of address: IPAddress) -> [UInt8]? { names[address.unmapped] }

  /// The addresses of a granted name.
  ///
  /// - Parameter now: nanoseconds that never go back.
  /// - Returns: nil for a name that would be one too many, in this minute or in all.
  mutating func addresses(
    of name: [UInt8], at now: UInt64
  ) -> (v4: IPAddress, v6: IPAddress)? {
    if let host = hosts[name] { return host }
    if let index = subdomains[name] { return EgressLayout.address(ofSubdomain: index) }
    let index = subdomains.count
    guard index < Self.mostSubdomains, mayAdd(at: now) else { return nil }
    let pair = EgressLayout.address(ofSubdomain: index)
    subdomains[name] = index
    names[pair.v4] = name
    names[pair.v6] = name
    return pair
  }

  private mutating func mayAdd(at now: UInt64) -> Bool {
    guard newNamesPerMinute > 0 else { return false }
    let cost = Self.minute / newNamesPerMinute
    allowance = min(Self.minute, allowance + min(Self.minute, now - allowedAt))
    allowedAt = now
    guard allowance >= cost else { return false }
    allowance -= cost
    return true
  }
}
