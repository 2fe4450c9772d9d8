import Control
import JSON
import Profile
import Sandbox

/// Where a server may connect to, for the processes that see to it; nil where it may nowhere.
struct LaunchEgress {
  let rules: [EgressRule]
  let denials: [EgressRule]
  let layout: EgressLayout

  init?(_ network: ResolvedProfile.Network) {
    guard !network.allow.isEmpty else { return nil }
    rules = network.allow.map { EgressRule($0.value) }
    denials = network.deny.map { EgressRule($0.value) }
    layout = EgressLayout(rules)
  }

  /// Ports that are taken on every address inside, the server's own loopback included.
  var widePorts: [UInt16] { EgressLayout.widePorts(rules) }

  func configuration(for server: String, requiresLandlock: Bool) -> EgressConfiguration {
    EgressConfiguration(
      serverName: server, layout: layout, rules: rules, denials: denials,
      requiresLandlock: requiresLandlock)
  }
}

extension EgressRule {
  init(_ rule: NetworkRule) {
    let destination: Destination =
      switch rule.destination {
      case .host(let name): .host(name)
      case .subdomains(let name): .subdomains(name)
      case .loopback: .loopback
      case .network(let address, let length): .network(address, prefixLength: length)
      }
    let inspection: Inspection? =
      switch rule.inspection {
      case .tls?: .tls
      case .http?: .http
      case .tcp?: .some(.none)
      // Of every port: what is usual on each.
      case nil: nil
      }
    self.init(
      destination, port: rule.port, inspection: inspection,
      allowsMissingName: rule.serverName == .optional, allowsPrivate: rule.allowsPrivate)
  }
}

/// What a person is told of the network, at each launch, by `--dry-run` and by `profile explain`.
struct NetworkExplanation {
  let network: ResolvedProfile.Network

  /// What is true of the grants together.
  var remarks: [String] {
    guard let egress = LaunchEgress(network) else { return [] }
    let ports = egress.widePorts.map(String.init)
    guard !ports.isEmpty else { return [] }
    return [
      "inside, port\(ports.count == 1 ? "" : "s") \(ports.joined(separator: ", ")) "
        + "\(ports.count == 1 ? "is" : "are") taken on every address, the server's own loopback "
        + "included"
    ]
  }

  /// What is said at each launch, since nobody may have looked before.
  var warnings: [String] {
    network.allow.map(\.value).filter { $0.port == nil }.map {
      "every port of \($0.destination) is granted: whatever answers there can be reached"
    }
  }
}

extension DryRun {
  var networkLines: [String] {
    let network = launch.profile.network
    guard !network.allow.isEmpty else { return ["network: none"] }
    var lines = ["network:"]
    for rule in network.allow.map(\.value) {
      lines.append("  \(rule)")
      lines += rule.remarks.map { "    \($0)" }
    }
    lines += network.deny.map { "  denied: \($0.value.place)" }
    lines += NetworkExplanation(network: network).remarks.map { "  \($0)" }
    return lines
  }

  func writeNetwork(to root: inout JSONWriter) {
    let network = launch.profile.network
    root.member("network") { member in
      member.object { fields in
        fields.member("allow") { member in
          member.array { list in
            for rule in network.allow.map(\.value) {
              list.object { fields in
                fields.member("destination") { $0.string(JSONString(rule.place)) }
                fields.member("protocol") {
                  $0.string(JSONString(rule.inspection?.rawValue ?? "by-port"))
                }
                fields.member("sni") { $0.string(JSONString(rule.serverName.rawValue)) }
                fields.member("private") { $0.bool(rule.allowsPrivate) }
                fields.member("remarks") { strings(rule.remarks, to: &$0) }
              }
            }
          }
        }
        fields.member("deny") { strings(network.deny.map(\.value.place), to: &$0) }
        fields.member("remarks") {
          strings(NetworkExplanation(network: network).remarks, to: &$0)
        }
      }
    }
  }
}
