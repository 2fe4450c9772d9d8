import JSON
import Profile
import Sandbox

/// What was granted by name, and what of it the server cannot change, see or make.
extension DryRun {
  var grantLines: [String] {
    let paths = launch.paths
    var lines = paths.weaknesses.map { "accepted: \($0.name): \($0.meaning)" }
    let named = paths.grants.filter(\.isNamed)
    if !named.isEmpty { lines.append("granted:") }
    for grant in named {
      lines.append("  \(grant.path)  (\(grant.writable ? "read-write" : "read-only"))")
      lines += grant.covers.map { "    \($0.path)  (\($0.kind.words))" }
    }
    if !paths.sockets.isEmpty { lines.append("sockets of the machine:") }
    lines += paths.sockets.map { "  \($0.path)" }
    if !paths.placeholders.isEmpty { lines.append("empty directories while the server runs:") }
    lines += paths.placeholders.map { "  \($0.path)" }
    return lines
  }

  func writeGrants(to root: inout JSONWriter) {
    let paths = launch.paths
    write(paths.weaknesses.map(\.name), as: "accepted", to: &root)
    root.member("granted") { member in
      member.array { list in
        for grant in paths.grants where grant.isNamed { write(grant, to: &list) }
      }
    }
    write(paths.sockets.map(\.path), as: "sockets", to: &root)
    write(paths.placeholders.map(\.path), as: "placeholders", to: &root)
  }

  private func write(_ texts: [String], as name: JSONString, to root: inout JSONWriter) {
    root.member(name) { member in
      member.array { list in
        for text in texts { list.string(JSONString(text)) }
      }
    }
  }

  private func write(_ grant: Grant, to list: inout JSONWriter) {
    list.object { fields in
      fields.member("path") { $0.string(JSONString(grant.path)) }
      fields.member("source") { $0.string(JSONString(grant.source)) }
      fields.member("writable") { $0.bool(grant.writable) }
      fields.member("covered") { member in
        member.array { covers in
          for cover in grant.covers {
            covers.object { fields in
              fields.member("path") { $0.string(JSONString(cover.path)) }
              fields.member("how") { $0.string(JSONString(cover.kind.name)) }
            }
          }
        }
      }
    }
  }
}
