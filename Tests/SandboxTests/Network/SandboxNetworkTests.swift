import CLinux
import Control
import Foundation
import Glibc
import Kernel
import Testing

@testable import Sandbox

/// The network of a sandbox, made by the kernel as root and as an ordinary user.
@Suite struct SandboxNetworkTests {
  private static func host(_ name: String, _ port: UInt16?) -> EgressRule {
    EgressRule(.host(Array(name.utf8)), port: port)
  }

  private static let rules = [
    host("a.example", 443), host("a.example", 8443), host("b.example", 443),
    EgressRule(.subdomains(Array("c.example".utf8)), port: 9000),
    EgressRule(.loopback, port: 5432),
  ]

  /// A connection's own address tells which name it is for.
  @Test func aNamesConnectionArrivesAtItsOwnAddress() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      for address, port in (('28.65.0.0', 443), ('28.65.0.1', 443), ('2e00:c0d0::1:0:0:0:2', 443),
                            ('28.65.0.0', 8443), ('127.0.0.1', 5432), ('::1', 5432)):
          print(connect(address, port).getsockname()[0])
      """)
    #expect(ground.failure == "")
    let names = ground.layout.names
    for (address, port) in [
      (names[0].v4, 443), (names[1].v4, 443), (names[1].v6, 443), (names[0].v4, 8443),
      (.v4(0x7F00_0001), 5432), (.v6(0, 1), 5432),
    ] as [(IPAddress, UInt16)] {
      let connection = try ground.accept { $0.address == address && $0.port == port }
      let local = try connection.local
      #expect(local == (address, port))
    }
    let own4 = "\(EgressLayout.own4)"
    #expect(
      try ground.said() == [
        own4, own4, "\(EgressLayout.own6)", own4, "127.0.0.1", "::1",
      ])
  }

  @Test func aPortThatIsTakenEverywhereTakesEveryAddressOfBothFamilies() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      for address in ('198.51.100.7', '2001:db8::7', '10.0.0.1', '8.8.8.8', '::ffff:192.0.2.3'):
          print(connect(address, 9000).getpeername()[1])
      """)
    for address in ["198.51.100.7", "2001:db8::7", "10.0.0.1", "8.8.8.8", "192.0.2.3"] {
      let connection = try ground.accept { $0.address == nil && $0.port == 9000 }
      let local = try connection.local
      #expect("\(local.address.unmapped)" == address)
      #expect(local.port == 9000)
    }
    #expect(try ground.said() == Array(repeating: "9000", count: 5))
  }

  /// What no socket takes is seen, with the destination that was meant, and looks like a connection
  /// that was reset.
  @Test func everyOtherDestinationIsRedirectedAndKnown() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      for address, port in (('203.0.113.9', 22), ('28.65.0.1', 8443), ('28.65.9.9', 443),
                            ('2001:db8::9', 25)):
          # The reset may be there before the program is.
          try: print(connect(address, port).recv(1))
          except OSError as error: print(word(error))
      """)
    #expect(ground.isRedirecting)
    for (text, port) in [("203.0.113.9", 22), ("28.65.0.1", 8443), ("28.65.9.9", 443)] {
      let connection = try ground.accept { $0.purpose == .redirected && $0.address?.width == 32 }
      let original = try connection.original
      #expect("\(original.address)" == text)
      #expect(Int(original.port) == port)
      try connection.reset()
    }
    let connection = try ground.accept { $0.purpose == .redirected && $0.address?.width == 128 }
    let original = try connection.original
    #expect("\(original.address)" == "2001:db8::9")
    #expect(original.port == 25)
    try connection.reset()
    _ = consume connection
    #expect(try ground.said() == Array(repeating: "ECONNRESET", count: 4))
  }

  /// The server's own loopback stays its own, and what it listens on itself.
  @Test func theServersOwnLoopbackIsLeftAlone() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      print(attempt('127.0.0.1', 7777), attempt('127.9.9.9', 7777), attempt('::1', 7777))
      print(attempt('28.64.0.2', 7777), attempt('2e00:c0d0::2', 7777))
      s = socket.create_server(('127.0.0.1', 7777))
      print(attempt('127.0.0.1', 7777))
      s = socket.create_server(('28.64.0.2', 7778))
      print(attempt('28.64.0.2', 7778))
      """)
    let refused = "ECONNREFUSED"
    #expect(
      try ground.said() == [
        "\(refused) \(refused) \(refused)", "\(refused) \(refused)", "connected", "connected",
      ])
  }

  /// Bytes pass both ways, whether or not the connection was redirected, and from any source.
  @Test func connectionsCarryBytes() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      for source, address, port in (('0.0.0.0', '28.65.0.0', 443), ('0.0.0.0', '192.0.2.8', 81),
                                    ('9.9.9.9', '28.65.0.0', 443), ('9.9.9.9', '192.0.2.8', 81)):
          s = socket.socket()
          s.settimeout(10)
          s.bind((source, 0))
          s.connect((address, port))
          s.sendall(b'x' * 300000)
          s.shutdown(socket.SHUT_WR)
          print(s.recv(3).decode(), s.getsockname()[0])
      """)
    for isRedirected in [false, true, false, true] {
      let connection = try ground.accept {
        isRedirected
          ? $0.purpose == .redirected
          : $0.purpose == .destination && $0.port == 443 && $0.address?.width == 32
      }
      var count = 0
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let got = try check("read", "test") { unsafe read(connection.raw, &chunk, chunk.count) }
        if got == 0 { break }
        count += got
      }
      #expect(count == 300_000)
      #expect(unsafe write(connection.raw, Array("abc".utf8), 3) == 3)
    }
    let own = "abc \(EgressLayout.own4)"
    #expect(try ground.said() == [own, own, "abc 9.9.9.9", "abc 9.9.9.9"])
  }

  /// The kernel's table of connections is for what is redirected alone, and cannot be filled.
  @Test func onlyWhatIsRedirectedIsTracked() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      def tracked():
          with open('/proc/sys/net/netfilter/nf_conntrack_count') as file: return int(file.read())
      for address, port in (('28.65.0.0', 443), ('192.0.2.1', 9000), ('127.0.0.1', 5432)):
          for _ in range(20): connect(address, port).sendall(b'x')
      connect('192.0.2.1', 53, socket.SOCK_DGRAM).send(b'?')
      print(tracked())
      connect('192.0.2.1', 25)
      print(tracked())
      words = [attempt('192.0.2.1', 1000 + n) for n in range(1000)]
      print(set(words) == {'connected', 'ECONNREFUSED'}, words.count('connected') < 700)
      print(tracked() < 700)
      """)
    #expect(ground.isRedirecting)
    #expect(try ground.said() == ["0", "1", "True True", "True"])
  }

  /// Names are asked at any address, which the question tells.
  @Test func questionsTellWhomTheyAsk() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      for address in ('28.64.0.1', '2001:db8::53', '127.0.0.53'):
          connect(address, 53, socket.SOCK_DGRAM).send(b'?')
          connect(address, 53).close()
      for address in ('192.0.2.1', '2001:db8::1', '28.65.0.0'):
          s = connect(address, 443, socket.SOCK_DGRAM)
          s.send(b'?')
          try: print(s.recv(1))
          except OSError as error: print(word(error))
      """)
    for expected in ["28.64.0.1", "2001:db8::53", "127.0.0.53"] {
      let connection = try ground.accept { $0.purpose == .streamNames }
      #expect(try "\(connection.local.address.unmapped)" == expected)
    }
    // QUIC is refused at once.
    #expect(try ground.said() == Array(repeating: "ECONNREFUSED", count: 3))
    let index = try #require(ground.layout.sockets.firstIndex { $0.purpose == .datagramNames })
    let raw = try #require(ground.sockets[index])
    var options: [Int32] = []
    for option in [IPV6_RECVPKTINFO, IPV6_V6ONLY] {
      var value: Int32 = -1
      var size = socklen_t(4)
      try check("getsockopt", "test") {
        unsafe getsockopt(raw, Int32(IPPROTO_IPV6), option, &value, &size)
      }
      options.append(value)
    }
    #expect(options == [1, 0])
  }

  @Test func aKernelWithoutIPv6HasTheRest() throws {
    let ground = try NetworkGround(
      Self.rules, hasV6: false,
      """
      print(attempt('28.65.0.0', 443), attempt('192.0.2.1', 9000), attempt('192.0.2.1', 82))
      print(attempt('2001:db8::1', 9000))
      """)
    #expect(ground.failure == "")
    #expect(ground.isRedirecting)
    for (index, socket) in ground.layout.sockets.enumerated() {
      #expect((ground.sockets[index] != nil) == (socket.address?.width != 128))
    }
    let said = try ground.said()
    #expect(said.first == "connected connected connected")
    #expect(["ENETUNREACH", "EADDRNOTAVAIL"].contains(said.last ?? ""))
  }

  /// What no socket takes is refused all the same, by the kernel and unseen.
  @Test func aKernelWithoutTablesRefusesTheRest() throws {
    let ground = try NetworkGround(
      Self.rules, hasTables: false,
      """
      print(attempt('28.65.0.0', 443), attempt('192.0.2.1', 9000), attempt('2001:db8::1', 9000))
      print(attempt('192.0.2.1', 443), attempt('2001:db8::1', 443), attempt('28.65.0.0', 80))
      """)
    #expect(ground.failure == "")
    #expect(!ground.isRedirecting)
    #expect(ground.sockets.count == ground.layout.sockets.count - 2)
    #expect(
      try ground.said() == [
        "connected connected connected", "ECONNREFUSED ECONNREFUSED ECONNREFUSED",
      ])
  }

  /// A rule that could not be kept is no rule to start with.
  @Test func aRuleForEveryPortNeedsTables() throws {
    let rules = [Self.host("a.example", nil)]
    let refused = try NetworkGround(rules, hasTables: false, "print('it runs')")
    #expect(refused.failure.contains("nf_tables: every port"))
    #expect(refused.failure.contains("EPROTONOSUPPORT"))
    #expect(try refused.said() == [])
    let ground = try NetworkGround(rules, "print(attempt('28.65.0.0', 6667))")
    #expect(ground.failure == "")
    let connection = try ground.accept { $0.purpose == .redirected && $0.address?.width == 32 }
    let original = try connection.original
    #expect(original == (ground.layout.names[0].v4, 6667))
  }

  /// As many sockets as a layout may have come in several messages.
  @Test func manySocketsArriveAll() throws {
    let many = (0..<128).map { Self.host("h\($0).example", 443) }
    let ports = (0..<128).map {
      EgressRule(.subdomains(Array("d.example".utf8)), port: 10_000 + UInt16($0))
    }
    let ground = try NetworkGround(
      many + ports, "print(attempt('28.65.0.127', 443), attempt('1.1.1.1', 10127))")
    #expect(ground.failure == "")
    #expect(ground.layout.sockets.count == 128 * 3 + 4)
    #expect(ground.sockets.count == ground.layout.sockets.count)
    // The transaction with a rule for each of them is the largest that there may be.
    #expect(ground.isRedirecting)
    #expect(try ground.said() == ["connected connected"])
  }

  @Test func whatLeavesTheMachineHasNoWayOut() throws {
    let ground = try NetworkGround(
      Self.rules,
      """
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for address in ('255.255.255.255', '224.0.0.251', '0.0.0.0', '169.254.169.254'):
          try: s.connect((address, 5353)); s.send(b'?'); s.send(b'?'); print('sent')
          except OSError as error: print(word(error))
      import subprocess
      print(subprocess.run(['/usr/sbin/ip', '-o', 'link'], capture_output=True).stdout.count(b': <'))
      """)
    let said = try ground.said()
    // A group without a member here takes nothing, and there is no link but the loopback.
    #expect(said.dropLast() == ["EACCES", "sent", "ECONNREFUSED", "ECONNREFUSED"])
    #expect(said.last == "1")
  }
}
