/// Where clouds tell a machine its secrets, to whoever asks: known addresses, and the networks that
/// two of them keep for that alone.
public struct CloudMetadata: Sendable {
  public let prefix: IPAddress
  public let length: Int
  /// Whose it is.
  public let owner: String

  public static let networks: [CloudMetadata] = [
    CloudMetadata(prefix: .v4(0xA9FE_A9FE), length: 32, owner: "almost every cloud"),
    // 169.254.170.2 and .23: of containers.
    CloudMetadata(prefix: .v4(0xA9FE_AA02), length: 32, owner: "Amazon"),
    CloudMetadata(prefix: .v4(0xA9FE_AA17), length: 32, owner: "Amazon"),
    CloudMetadata(prefix: .v6(0xFD00_0EC2 << 32, 0), length: 32, owner: "Amazon"),
    // 168.63.129.16.
    CloudMetadata(prefix: .v4(0xA83F_8110), length: 32, owner: "Azure"),
    // 100.100.100.200.
    CloudMetadata(prefix: .v4(0x6464_64C8), length: 32, owner: "Alibaba"),
    // 192.0.0.192, and fd00:c1::a9fe:a9fe.
    CloudMetadata(prefix: .v4(0xC000_00C0), length: 32, owner: "Oracle"),
    CloudMetadata(prefix: .v6(0xFD00_00C1 << 32, 0xA9FE_A9FE), length: 128, owner: "Oracle"),
    CloudMetadata(prefix: .v6(0xFD20_00CE << 32, 0), length: 32, owner: "Google"),
    // fd00:42::42.
    CloudMetadata(prefix: .v6(0xFD00_0042 << 32, 0x42), length: 128, owner: "Scaleway"),
  ]
}
