import Control
import JSON
import MCP

/// What was denied in this session, so that each thing is said once.
struct Denials {
  /// How often something was used that is denied, by who used it.
  var used: [Use: Refusals] = [:]
  /// What was taken out of a declaration and told.
  private var taken: Set<Use> = []
  /// How many of these have a name of a side's own making.
  private var names: [Side: Int] = [:]
  /// What stderr has told.
  var said: Set<Attenuation.Subject> = []
  var roots = Refusals()
  var saidRoots = false

  struct Use: Hashable {
    var side: Side
    var subject: Attenuation.Subject
  }

  /// Whether to tell that something was taken out: once, and whatever has a name of the protocol's
  /// however many other names came before it.
  mutating func tells(_ use: Use) -> Bool {
    guard !taken.contains(use) else { return false }
    if case .unnamed = use.subject {
      guard names[use.side, default: 0] < Self.mostNames else { return false }
      names[use.side, default: 0] += 1
    }
    taken.insert(use)
    return true
  }

  /// Names of a side's own making that are told; further ones are taken out in silence.
  static let mostNames = 32
  /// Bytes of such a name. Secrets are looked for in all of them, and less of it is told.
  static let longestName = 4096
}

extension Session {
  /// A message used what is denied: the audit log has each, but for a flood of them, stderr the
  /// first with what would allow it.
  mutating func tellDenial(
    _ capability: ProtocolRules.Capability, _ method: Method, from side: Side
  ) {
    let subject = Attenuation.Subject.capability(capability)
    let use = Denials.Use(side: side, subject: subject)
    if let count = denials.used[use, default: Refusals()].next() {
      report(
        "denied",
        [
          ControlField("from", .text(Array(side.rawValue.utf8))),
          ControlField("capability", .text(Array(capability.rawValue.utf8))),
          ControlField("method", .text(Array(method.rawValue.utf8))),
          ControlField("count", .integer(count)),
        ])
    }
    guard denials.said.insert(subject).inserted else { return }
    say(
      "the \(side.rawValue) used \(capability.rawValue) (\(method.rawValue)), which the profile "
        + "denies", hint: "to allow it: \"protocol\": { \"\(capability.rawValue)\": \"allow\" }")
  }

  /// Capabilities were taken out of what a side declares: the audit log has each once. Stderr has
  /// the extensions, which nobody denied by name; what a profile denies is no news.
  mutating func tellTaken(_ subjects: [Attenuation.Subject], from side: Side) {
    for subject in subjects.map(\.kept) {
      guard denials.tells(Denials.Use(side: side, subject: subject)) else { continue }
      let name: [UInt8]
      switch subject {
      case .capability(let capability): name = Array(capability.rawValue.utf8)
      case .unnamed(let text): name = settings.redactor.excerpt(text.utf8, 256)
      }
      report(
        "attenuated",
        [
          ControlField("from", .text(Array(side.rawValue.utf8))),
          ControlField("capability", .text(name)),
        ])
      guard case .unnamed = subject, denials.said.insert(subject).inserted else { continue }
      let shown = VisibleText.ascii(name)
      say(
        "the \(side.rawValue) declares \"\(shown)\", which the profile does not name: taken out",
        // What had to be made visible is not the name that a profile would write.
        hint: name.elementsEqual(shown.utf8) && !shown.utf8.contains(UInt8(ascii: "\""))
          && !shown.utf8.contains(UInt8(ascii: "\\"))
          ? "to allow it: \"protocol\": { \"extensions\": [\"\(shown)\"] }" : nil)
    }
  }

  mutating func tellRoots(_ outcome: RootRule.Outcome) {
    guard let first = outcome.taken.first else { return }
    let uri = settings.redactor.excerpt(first, 256)
    if let count = denials.roots.next() {
      report(
        "roots",
        [
          ControlField("listed", .integer(Int64(outcome.listed))),
          ControlField("taken", .integer(Int64(outcome.taken.count))),
          ControlField("first", .text(uri)),
          ControlField("count", .integer(count)),
        ])
    }
    guard !denials.saidRoots else { return }
    denials.saidRoots = true
    let which =
      outcome.taken.count == 1
      ? "a root of the host's is not granted to the server and was taken out: "
      : "\(outcome.taken.count) roots of the host's are not granted to the server and were taken "
        + "out, the first: "
    say(
      which + VisibleText.ascii(uri),
      hint: "grant it with --read-only PATH or --read-write PATH, or in the profile's "
        + "\"filesystem\"")
  }

  private mutating func say(_ text: String, hint: String?) {
    let hint = hint.map { "hint: \($0)\n" } ?? ""
    outputs.append(.log(Array("cordon: \(settings.serverName): \(text)\n\(hint)".utf8)))
  }
}

extension Attenuation.Subject {
  /// As it is remembered: a peer may give what it declares names of any length.
  fileprivate var kept: Self {
    guard case .unnamed(let name) = self, name.utf8.count > Denials.longestName else { return self }
    return .unnamed(JSONString(utf8: Array(name.utf8.prefix(Denials.longestName))))
  }
}
