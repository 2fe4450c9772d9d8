import Control
import JSON
import Profile
import Sandbox

extension PreparedLaunch {
  /// What the relay is told to take out of the session.
  var protocolRules: ProtocolRules {
    let rules = profile.protocolRules
    return ProtocolRules(
      denied: Set(rules.denied.map(\.relayed)),
      extensions: rules.extensions.map { Array($0.value.utf8) },
      roots: visibleRoots.map { Array($0.utf8) })
  }

  /// Where a root of the host's can be: what was granted by name and is there, the private home, and
  /// the directory in which the server starts. What a command needs to start was granted by nobody,
  /// and the private /tmp is not the one that a host means.
  private var visibleRoots: [String] {
    let named = paths.grants.filter(\.isNamed).map(\.path)
    return named + [SandboxRequest.home]
      + (profile.workingDirectory.map { [$0.value] } ?? [])
  }
}

extension Profile.Capability {
  fileprivate var relayed: ProtocolRules.Capability {
    switch self {
    case .sampling: .sampling
    case .elicitation: .elicitation
    case .roots: .roots
    case .logging: .logging
    case .tasks: .tasks
    }
  }
}

extension DryRun {
  var protocolLines: [String] {
    let rules = launch.profile.protocolRules
    var lines: [String] = []
    if !rules.denied.isEmpty {
      lines.append(
        "denied of the protocol: \(rules.denied.map(\.rawValue).joined(separator: ", "))")
    }
    if !rules.extensions.isEmpty { lines.append("extensions of the protocol:") }
    lines += rules.extensions.map { "  \($0.value)" }
    return lines
  }

  func writeProtocol(to root: inout JSONWriter) {
    let rules = launch.profile.protocolRules
    root.member("protocol") { member in
      member.object { fields in
        for capability in Capability.allCases {
          fields.member(JSONString(capability.rawValue)) {
            $0.string(JSONString(rules[capability].value.rawValue))
          }
        }
        fields.member("extensions") { list in
          list.array { list in
            for name in rules.extensions { list.string(JSONString(name.value)) }
          }
        }
      }
    }
  }
}
