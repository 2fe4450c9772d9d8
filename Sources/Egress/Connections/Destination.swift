import Control
import Kernel

/// What a connection from inside is meant for.
enum Destination: Hashable {
  case name([UInt8])
  /// An address that stands for no name.
  case address(IPAddress)
  /// The loopback of the host.
  case loopback

  /// In the words of reports.
  var text: [UInt8] {
    switch self {
    case .name(let name): name
    case .address(let address): Array("\(address)".utf8)
    case .loopback: Array("localhost".utf8)
    }
  }
}

extension IPAddress {
  /// 127.0.0.0/8 and ::1, which no route leads out.
  var isLoopback: Bool {
    isWithin(.v4(0x7F00_0000), length: 8) || self == .v6(0, 1)
  }
}
