import Audit
import JSON

/// What an audit log says about a server's connections, by destination.
struct EgressSummary {
  struct Destination: Hashable {
    let name: JSONString
    let port: Int64
  }

  struct Traffic: Equatable {
    var connections: Int64 = 0
    var sent: Int64 = 0
    var received: Int64 = 0
    var milliseconds: Int64 = 0
    /// How often each outcome was.
    var outcomes: [JSONString: Int64] = [:]
    /// The first of those that were connected to.
    var addresses: [JSONString] = []
    var hasMoreAddresses = false
    var first: JSONString = ""
    var last: JSONString = ""
  }

  struct Refused: Hashable {
    let reason: JSONString
    let destination: Destination
  }

  struct Refusals: Equatable {
    var count: Int64 = 0
    /// What was said or found last.
    var detail: JSONString = ""
    /// What `--allow` would have to name; empty where no option allows it.
    var grant: JSONString = ""
    var last: JSONString = ""
  }

  /// A server chooses names itself: so many are told apart.
  static let mostRows = 4096
  static let mostAddresses = 16

  private(set) var traffic: [Destination: Traffic] = [:]
  private(set) var refusals: [Refused: Refusals] = [:]
  /// Of all destinations beyond the most, and of all refusals.
  private(set) var otherTraffic = Traffic()
  private(set) var otherRefusals = Refusals()
  /// Sessions at whose end connections may have been open that are not written down.
  private(set) var incomplete: Int64 = 0

  mutating func add(_ record: AuditRecord) {
    switch record.kind {
    case "egress": addConnection(record)
    case "egress-refused": addRefusal(record)
    case "egress-incomplete": Self.sum(&incomplete, 1)
    default: break
    }
  }

  private mutating func addConnection(_ record: AuditRecord) {
    let destination = Self.destination(record)
    if traffic[destination] == nil, traffic.count >= Self.mostRows {
      otherTraffic.add(record)
    } else {
      traffic[destination, default: Traffic()].add(record)
    }
  }

  private mutating func addRefusal(_ record: AuditRecord) {
    let key = Refused(
      reason: record["reason"]?.string ?? "", destination: Self.destination(record))
    if refusals[key] == nil, refusals.count >= Self.mostRows {
      otherRefusals.add(record)
    } else {
      refusals[key, default: Refusals()].add(record)
    }
  }

  private static func destination(_ record: AuditRecord) -> Destination {
    Destination(name: record["name"]?.string ?? "", port: record["port"]?.int64 ?? 0)
  }

  var connections: Int64 {
    var total = otherTraffic.connections
    for traffic in traffic.values { Self.sum(&total, traffic.connections) }
    return total
  }

  var refusalCount: Int64 {
    var total = otherRefusals.count
    for refusals in refusals.values { Self.sum(&total, refusals.count) }
    return total
  }

  /// By name, then port.
  var destinations: [(Destination, Traffic)] {
    traffic.sorted { Self.precedes($0.key, $1.key) }.map { ($0.key, $0.value) }
  }

  /// By name, then port, then reason.
  var refused: [(Refused, Refusals)] {
    refusals.sorted { one, two in
      let (left, right) = (one.key.destination, two.key.destination)
      return left == right ? one.key.reason < two.key.reason : Self.precedes(left, right)
    }.map { ($0.key, $0.value) }
  }

  private static func precedes(_ one: Destination, _ two: Destination) -> Bool {
    one.name == two.name ? one.port < two.port : one.name < two.name
  }

  fileprivate static func sum(_ total: inout Int64, _ value: Int64?) {
    let (sum, isTooMuch) = total.addingReportingOverflow(max(0, value ?? 0))
    total = isTooMuch ? .max : sum
  }
}

extension EgressSummary.Traffic {
  fileprivate mutating func add(_ record: AuditRecord) {
    EgressSummary.sum(&connections, 1)
    EgressSummary.sum(&sent, record["sent"]?.int64)
    EgressSummary.sum(&received, record["received"]?.int64)
    EgressSummary.sum(&milliseconds, record["milliseconds"]?.int64)
    EgressSummary.sum(&outcomes[record["outcome"]?.string ?? "unknown", default: 0], 1)
    if let address = record["address"]?.string, !address.isEmpty, !addresses.contains(address) {
      if addresses.count < EgressSummary.mostAddresses {
        addresses.append(address)
      } else {
        hasMoreAddresses = true
      }
    }
    if connections == 1 { first = record.time }
    last = record.time
  }

  /// The most frequent first.
  var sortedOutcomes: [(outcome: JSONString, count: Int64)] {
    outcomes.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { ($0.key, $0.value) }
  }
}

extension EgressSummary.Refusals {
  fileprivate mutating func add(_ record: AuditRecord) {
    EgressSummary.sum(&count, record["count"]?.int64 ?? 1)
    detail = record["detail"]?.string ?? ""
    grant = record["allow"]?.string ?? ""
    last = record.time
  }
}
