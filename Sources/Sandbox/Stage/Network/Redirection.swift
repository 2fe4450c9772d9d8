import Control
import Kernel

/// Sends what no socket of the sandbox takes to one that takes everything, so that a denial is seen
/// and told, and a rule for every port of a name can be kept.
///
/// Connections that have a socket never become the translation's business: they cost what they would
/// without it, and the kernel's table of connections holds the redirected ones alone.
struct Redirection {
  /// A port on every address, or on one.
  struct Taken: Hashable {
    let address: IPAddress?
    let port: UInt16
  }

  let family: PacketTables.Family
  /// The redirected connections' socket on the loopback.
  let port: UInt16
  let taken: [Taken]
  /// No rule needs the redirection: it only shows what is denied, and that may be bounded.
  let isBounded: Bool

  private static let tcp: UInt8 = 6
  /// Redirected connections in a second, and at once. What is beyond finds the address without a
  /// socket and is refused by the kernel, unseen: its table of connections is nobody's memory, and a
  /// server could fill that of the machine.
  private static let mostInSecond: UInt64 = 200
  private static let mostAtOnce: UInt32 = 400
  /// Before connections are tracked, and where destinations are translated (NF_IP_PRI_RAW,
  /// NF_IP_PRI_NAT_DST).
  private static let raw: Int32 = -300
  private static let translation: Int32 = -100

  static func messages(_ families: [Redirection]) -> NetlinkMessages {
    var tables = PacketTables()
    for redirection in families { redirection.add(to: &tables) }
    return tables.finished(families.last?.family ?? .v4)
  }

  private func add(to tables: inout PacketTables) {
    tables.addTable(family)
    tables.addChain("untouched", .filter, priority: Self.raw, family)
    for rule in untouched { tables.addRule(rule, to: "untouched", family) }
    tables.addChain("redirected", .nat, priority: Self.translation, family)
    tables.addRule(redirected, to: "redirected", family)
  }

  private var untouched: [PacketRule] {
    let others = PacketRule {
      $0.isProtocol(Self.tcp, false)
      $0.leaveAlone()
    }
    // What the socket answers must find its way back, wherever it goes.
    let answers = PacketRule {
      $0.isProtocol(Self.tcp, true)
      $0.isEqual(.network, offset: source, loopback.networkOrder)
      $0.isEqual(.transport, offset: 0, port.bigEndianBytes)
      $0.accept()
    }
    // The server's own: its loopback, and the address that its connections come from.
    let own = [loopbackPrefix, ownAddress].map { bytes in
      PacketRule {
        $0.isEqual(.network, offset: destination, bytes)
        $0.leaveAlone()
      }
    }
    let tooMany = PacketRule {
      $0.isFirst()
      $0.isMoreOften(than: Self.mostInSecond, burst: Self.mostAtOnce)
      $0.leaveAlone()
    }
    return [others, answers] + own + taken.map(rule) + (isBounded ? [tooMany] : [])
  }

  private func rule(_ taken: Taken) -> PacketRule {
    PacketRule {
      $0.isProtocol(Self.tcp, true)
      if let address = taken.address {
        $0.isEqual(.network, offset: destination, address.networkOrder)
      }
      $0.isEqual(.transport, offset: 2, taken.port.bigEndianBytes)
      $0.leaveAlone()
    }
  }

  /// Of the packets that are left only a connection's first one is sent elsewhere: the kernel takes
  /// one that it meets in the middle for new.
  private var redirected: PacketRule {
    PacketRule {
      $0.isFirst()
      $0.redirect(to: port)
    }
  }

  /// Where source and destination stand in the header.
  private var source: UInt32 { family == .v4 ? 12 : 8 }
  private var destination: UInt32 { family == .v4 ? 16 : 24 }

  private var loopback: IPAddress { family == .v4 ? .v4(0x7F00_0001) : .v6(0, 1) }
  private var loopbackPrefix: [UInt8] { family == .v4 ? [127] : loopback.networkOrder }

  private var ownAddress: [UInt8] {
    (family == .v4 ? EgressLayout.own4 : EgressLayout.own6).networkOrder
  }
}
