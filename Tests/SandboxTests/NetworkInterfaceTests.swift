import Testing

@testable import Sandbox

@Suite struct NetworkInterfaceTests {
  @Test(arguments: [
    ("lo", true, true, true), ("lo", false, false, true),
    ("tunl0", false, false, true), ("sit0", false, false, true), ("ip6tnl0", false, false, true),
    // One that someone uses is no fallback any more.
    ("sit0", true, false, false), ("sit0", false, true, false),
    ("eth0", false, false, false), ("veth0", true, true, false), ("tunl1", false, false, false),
  ])
  func whatASandboxMayHave(name: String, isUp: Bool, hasAddress: Bool, expected: Bool) {
    let interface = NetworkInterface(name: name, isUp: isUp, hasAddress: hasAddress)
    #expect(interface.isExpected == expected)
  }

  @Test func theMachinesOwnAreSeen() throws {
    let all = try NetworkInterface.all()
    #expect(all.contains { $0.name == "lo" })
    #expect(Set(all.map(\.name)).count == all.count)
  }
}
