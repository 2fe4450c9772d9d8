import Kernel

/// An address that a server called, in words.
struct InternetAddress {
  private let address: IPAddress?

  /// - Parameter bytes: 4 or 16, in network order.
  init(_ bytes: [UInt8]) {
    address = IPAddress(networkOrder: bytes)?.unmapped
  }

  /// Also the unspecified address, which a connection takes for the loopback's.
  var isLoopback: Bool {
    guard let address else { return false }
    return address.isWithin(.v4(0x7F00_0000), length: 8)
      || [.v4(0), .v6(0, 0), .v6(0, 1)].contains(address)
  }

  var text: String { address?.description ?? "unknown" }
}
