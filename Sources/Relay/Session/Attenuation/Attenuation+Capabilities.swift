import Control
import JSON
import MCP

extension Attenuation {
  /// Takes out of a side's declaration what may not be used. Nothing is put in.
  ///
  /// A key that differs from a known one in case only is an unknown one, and goes; where the known
  /// one is denied, it goes even if somebody has named it.
  func cut(
    capabilities: ObjectView, _ cuts: inout Cuts, _ taken: inout [Subject]
  ) {
    let members = capabilities.outline.members
    var isCut = [Bool](repeating: false, count: members.count)
    for (index, member) in members.enumerated() {
      let key = capabilities.key(of: member)
      switch key.utf8 {
      case Self.extensions, Self.experimental:
        guard member.kind == .object else {
          // Null is no declaration; what else stands here nobody can name.
          isCut[index] = member.kind != .null
          continue
        }
        cut(named: capabilities, member, &cuts, &taken)
      default:
        guard let subject = subject(of: member, key, in: capabilities) else {
          if key == "tasks" { cut(taskRequests: capabilities, member, &cuts) }
          continue
        }
        isCut[index] = true
        taken.append(subject)
      }
    }
    cuts.cut(capabilities) { isCut[$0] }
  }

  private static let extensions = Array("extensions".utf8)
  private static let experimental = Array("experimental".utf8)
  /// What no field of a profile decides about.
  private static let plain: Set<JSONString> = ["completions", "prompts", "resources", "tools"]

  private func subject(
    of member: JSONOutline.Member, _ key: JSONString, in capabilities: ObjectView
  ) -> Subject? {
    if Self.plain.contains(key) { return nil }
    if let ruled = ProtocolRules.Capability(rawValue: key.string), JSONString(ruled.rawValue) == key
    {
      return denied.contains(ruled) ? .capability(ruled) : nil
    }
    if let ruled = denied.first(where: { capabilities.isLookalike(member, of: $0.key) }) {
      return .capability(ruled)
    }
    // Before it has a name of the protocol's it is somebody's extension, wherever it stands.
    return subject(ofExtension: key)
  }

  /// The members of `extensions` or `experimental` that nobody has named.
  private func cut(
    named capabilities: ObjectView, _ member: JSONOutline.Member, _ cuts: inout Cuts,
    _ taken: inout [Subject]
  ) {
    guard let names = ObjectView(capabilities.line, member.value) else { return }
    let subjects = names.outline.members.map { subject(ofExtension: names.key(of: $0)) }
    taken += subjects.compactMap(\.self)
    cuts.cut(names) { subjects[$0] != nil }
  }

  /// `tasks.requests` names requests of other capabilities, which go with them.
  private func cut(
    taskRequests capabilities: ObjectView, _ member: JSONOutline.Member, _ cuts: inout Cuts
  ) {
    guard deniesInput, let tasks = ObjectView(capabilities.line, member.value) else { return }
    let members = tasks.outline.members
    cuts.cut(tasks) { tasks.isLookalike(members[$0], of: "requests") }
    guard let requests = tasks.object("requests") else { return }
    let entries = requests.outline.members
    cuts.cut(requests) { index in
      denied.contains { requests.couldBe(entries[index], $0.key) }
    }
  }
}

extension ProtocolRules.Capability {
  /// As a declaration has it.
  fileprivate var key: JSONString { JSONString(rawValue) }
}

extension ObjectView {
  func key(of member: JSONOutline.Member) -> JSONString {
    unsafe JSONOutline.key(of: member, in: line.bytes)
  }
}
