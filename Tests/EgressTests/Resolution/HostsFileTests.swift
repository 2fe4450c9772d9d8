import Kernel
import Testing

@testable import Egress

@Suite struct HostsFileTests {
  private static let file = """
    # 1.2.3.4 hidden.test
    10.0.0.1\tdb db.test  # db.other
    10.0.0.2 DB.Test.\r
    2600::1 db.test
    10.0.0.1 db.test
    fe80::1%eth0 zone.test
    10.0.0.300 bad.test
    10.0.0.3
    127.0.0.1 localhost
    """

  @Test(arguments: [
    ("db.test", ["10.0.0.1", "10.0.0.2", "2600::1"]), ("db", ["10.0.0.1"]), ("hidden.test", []),
    ("db.other", []), ("zone.test", []), ("bad.test", []), ("b.test", []), ("10.0.0.3", []),
    ("localhost", ["127.0.0.1"]),
  ]) func aNameHasTheAddressesOfItsLines(_ name: String, _ expected: [String]) {
    let found = HostsFile(Array(Self.file.utf8)).addresses(of: Array(name.utf8))
    #expect(found.map(\.description) == expected)
  }

  @Test func eachNameOfALongFileIsFound() {
    let count: UInt32 = 20_000
    let lines = (0..<count).map { "\(IPAddress.v4(0x0A00_0000 | $0)) n\($0).test" }
    let file = HostsFile(Array(lines.joined(separator: "\n").utf8))
    for number in 0..<count {
      #expect(file.addresses(of: Array("n\(number).test".utf8)) == [.v4(0x0A00_0000 | number)])
    }
    #expect(file.addresses(of: Array("n\(count).test".utf8)).isEmpty)
  }

  @Test(arguments: ["", "\n", "#", "10.0.0.1", "\n\n10.0.0.1 \n"])
  func aFileWithoutNamesHasNone(_ text: String) {
    #expect(HostsFile(Array(text.utf8)).addresses(of: []).isEmpty)
  }
}
