import Control
import JSON
import Manifest

/// The summary for people.
enum EgressSummaryText {
  static func text(_ summary: EgressSummary, server: String) -> String {
    let connections = summary.connections
    let refusals = summary.refusalCount
    var text = "\(server): \(count(connections, "connection")), \(refusals) refused\n"
    if connections > 0 {
      text += "\nconnections:\n"
      for (destination, traffic) in summary.destinations {
        text += row(name(destination), traffic)
      }
      if summary.otherTraffic.connections > 0 {
        text += row("all other destinations", summary.otherTraffic)
      }
    }
    if refusals > 0 {
      text += "\nrefused:\n"
      for (refused, refusals) in summary.refused {
        text += "  \(name(refused.destination))  \(times(refusals)): "
        text += "\(reason(refused.reason))\(detail(refusals))\(grant(refusals))\n"
      }
      if summary.otherRefusals.count > 0 {
        text += "  all others  \(times(summary.otherRefusals))\n"
      }
    }
    if summary.incomplete > 0 {
      text += "\nincomplete: what was open at the end of "
      text += "\(count(summary.incomplete, "session")) may not be written down\n"
    }
    return text
  }

  private static func row(_ name: String, _ traffic: EgressSummary.Traffic) -> String {
    let outcomes = traffic.sortedOutcomes.map { "\($0.count) \(line($0.outcome))" }
    var text = "  \(name)  \(count(traffic.connections, "connection"))"
    text += " (\(outcomes.joined(separator: ", "))), "
    text += "\(bytes(traffic.sent)) sent, \(bytes(traffic.received)) received\n"
    if !traffic.addresses.isEmpty {
      let addresses = traffic.addresses.map(line) + (traffic.hasMoreAddresses ? ["…"] : [])
      text += "    at \(addresses.joined(separator: ", "))\n"
    }
    let isOnce = traffic.first == traffic.last
    text += "    \(line(traffic.first))\(isOnce ? "" : " to \(line(traffic.last))")\n"
    return text
  }

  /// A port that is not known is not said: a name was asked for.
  private static func name(_ destination: EgressSummary.Destination) -> String {
    let name = destination.name
    // More different ones at once than the egress process tells apart.
    if name.isEmpty { return "further destinations" }
    let isAddress = name.utf8.contains(UInt8(ascii: ":"))
    let host = isAddress ? "[\(AuditEventText.value(name))]" : AuditEventText.value(name)
    return destination.port == 0 ? AuditEventText.value(name) : "\(host):\(destination.port)"
  }

  private static func times(_ refusals: EgressSummary.Refusals) -> String {
    "\(refusals.count) \(refusals.count == 1 ? "time" : "times"), last \(line(refusals.last))"
  }

  private static func detail(_ refusals: EgressSummary.Refusals) -> String {
    refusals.detail.isEmpty ? "" : ": \(AuditEventText.value(refusals.detail))"
  }

  private static func grant(_ refusals: EgressSummary.Refusals) -> String {
    refusals.grant.isEmpty ? "" : " (--allow \(AuditEventText.value(refusals.grant)))"
  }

  /// What another version wrote, as it is.
  private static func reason(_ reason: JSONString) -> String {
    EgressRefusal.Reason(rawValue: reason.string)?.words ?? line(reason)
  }

  private static func line(_ text: JSONString) -> String {
    Rendering.line(text, limit: AuditEventText.longestValue)
  }

  private static func count(_ number: Int64, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// With one decimal below ten, in steps of 1,000.
  static func bytes(_ number: Int64) -> String {
    guard number >= 1000 else { return count(number, "byte") }
    var unit = 0
    var value = number
    var rest: Int64 = 0
    while value >= 1000, unit < Self.units.count - 1 {
      (value, rest) = value.quotientAndRemainder(dividingBy: 1000)
      unit += 1
    }
    return (value < 10 ? "\(value).\(rest / 100)" : "\(value)") + " \(Self.units[unit])"
  }

  private static let units = ["B", "kB", "MB", "GB", "TB", "PB"]
}

extension EgressRefusal.Reason {
  /// What was refused, in a few words.
  var words: String {
    switch self {
    case .name: "no rule grants the name"
    case .denied: "a rule denies it"
    case .newNames: "too many new names below a wildcard"
    case .port: "granted on other ports only"
    case .address: "no rule grants the address"
    case .resolved: "leads to an address that its rule does not cover"
    case .serverName: "the TLS client named another host"
    case .noServerName: "the TLS client named no host"
    case .hiddenServerName: "the TLS client hid the host's name (ECH)"
    case .notTLS: "no TLS that can be checked"
    case .host: "an HTTP request for another host, or for none"
    case .notHTTP: "no HTTP that can be checked"
    case .connections: "too many connections at once"
    }
  }
}
