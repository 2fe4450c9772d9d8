import JSON
import Profile
import Sandbox

/// The plan in print: what would be done, in order, and nothing started.
struct DryRun {
  let launch: PreparedLaunch
  let format: OutputFormat

  func write(to console: Console) {
    switch format {
    case .text: console.write(text())
    case .json: console.write(json())
    }
  }

  private func text() -> String {
    var lines = ["command:"]
    lines += launch.command.notes.map { "  \($0)" }
    lines.append("  executes \(launch.command.executable)")
    lines += launch.command.unpinned.map { "  code: unpinned: \($0)" }
    lines.append("shown because the command needs it, read-only:")
    lines += launch.command.grants.map { "  \($0.path)  (\($0.reason))" }
    lines.append("identity: \(launch.identity.kind.rawValue), uid \(launch.identity.server.uid)")
    lines += launch.systemCalls.text
    lines += grantLines
    lines += networkLines
    lines += protocolLines
    lines.append("environment:")
    lines += launch.environment.map { "  \($0.name)=\(shown($0))" }
    lines.append("limits:")
    lines += launch.limits.summary.map { "  \($0)" }
    lines += (launch.limits.groups?.steps ?? []).map { "  cgroup: \($0)" }
    if !launch.limits.shortfalls.isEmpty { lines.append("weaknesses:") }
    lines += launch.limits.shortfalls.map { "  \($0.text)" }
    lines.append("steps:")
    for (index, step) in launch.plan.steps.enumerated() {
      lines.append("  \(index + 1). \(step.name): \(step.subject(in: launch.plan))")
    }
    return lines.map(Printable.text).joined(separator: "\n") + "\n"
  }

  private func shown(_ variable: ServerProgram.Variable) -> String {
    variable.isSecret
      ? "[redacted:\(variable.name)]" : String(decoding: variable.value, as: UTF8.self)
  }

  func strings(_ texts: [String], to writer: inout JSONWriter) {
    writer.array { list in
      for text in texts { list.string(JSONString(text)) }
    }
  }

  private func json() -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("executable") { $0.string(JSONString(launch.command.executable)) }
      root.member("arguments") { member in
        member.array { list in
          for argument in launch.command.arguments { list.string(JSONString(argument)) }
        }
      }
      root.member("unpinned") { strings(launch.command.unpinned, to: &$0) }
      root.member("identity") { member in
        member.object { identity in
          identity.member("kind") { $0.string(JSONString(launch.identity.kind.rawValue)) }
          identity.member("uid") { $0.int(Int64(launch.identity.server.uid)) }
        }
      }
      root.member("systemCalls") { launch.systemCalls.write(to: &$0) }
      root.member("environment") { member in
        member.object { variables in
          for variable in launch.environment {
            variables.member(JSONString(variable.name)) { $0.string(JSONString(shown(variable))) }
          }
        }
      }
      root.member("needed") { member in
        member.array { list in
          for grant in launch.command.grants {
            list.object { fields in
              fields.member("path") { $0.string(JSONString(grant.path)) }
              fields.member("reason") { $0.string(JSONString(grant.reason)) }
            }
          }
        }
      }
      writeGrants(to: &root)
      writeNetwork(to: &root)
      writeProtocol(to: &root)
      root.member("limits") { strings(launch.limits.summary, to: &$0) }
      root.member("cgroup") { member in
        strings((launch.limits.groups?.steps ?? []).map(\.description), to: &member)
      }
      root.member("weaknesses") { member in
        strings(launch.limits.shortfalls.compactMap { $0.limit.weakness?.name }, to: &member)
      }
      root.member("steps") { member in
        member.array { list in
          for step in launch.plan.steps {
            list.object { fields in
              fields.member("name") { $0.string(JSONString(step.name)) }
              fields.member("subject") {
                $0.string(JSONString(step.subject(in: launch.plan)))
              }
            }
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}
