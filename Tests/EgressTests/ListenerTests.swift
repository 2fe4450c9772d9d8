import CLinux
import Control
import Glibc
import Kernel
import Testing

@testable import Egress

@Suite struct ListenerTests {
  /// A socket for every address is one of IPv6 also where that is switched off for interfaces.
  @Test(arguments: [
    (IPAddress.v6(0, 0), false), (.v6(0, 1), true), (.v4(0), false), (.v4(0x7F00_0001), false),
  ]) func onlyAnAddressOfIPv6ShowsThatThereIsIPv6(_ address: IPAddress, _ takesV6: Bool) throws {
    let family = address.width == 128 ? AF_INET6 : AF_INET
    let socket = OwnedDescriptor(
      owning: try check("socket", "listener") {
        Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
      })
    var endpoint = Endpoint(address, port: 0).raw
    _ = try socket.withRaw { (raw) throws(SystemError) in
      try check("bind", "listener") { unsafe clinux_bind(raw, &endpoint) }
    }
    #expect(Listener(.destination, socket).takesV6 == takesV6)
  }
}
