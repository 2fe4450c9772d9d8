import Control
import Kernel
import Manifest

/// What is told of a connection that was not let out: one line, and the one option that would allow
/// it where there is one. Made here from typed fields: of the process that reports them nothing is
/// taken but names and addresses.
struct EgressWords: Equatable {
  let text: String
  let hint: String?
  /// What the option would grant, where it is an option that would.
  let grant: String?

  private init(_ text: String, hint: String?, grant: String? = nil) {
    self.text = text
    self.hint = hint
    self.grant = grant
  }

  init(_ refusal: EgressRefusal) {
    let name = Self.shown(refusal.name)
    let place = refusal.port == 0 ? name : "\(name) port \(refusal.port)"
    let detail = Self.shown(refusal.detail)
    let times = refusal.count == 1 ? "" : " (\(refusal.count) times)"
    if refusal.name.isEmpty {
      // More different ones than are told apart.
      self.init("refused: further destinations, \(refusal.reason.rawValue)\(times)", hint: nil)
      return
    }
    let grant = Self.grant(refusal)
    let option = grant.map { "--allow \($0)" }
    switch refusal.reason {
    case .name:
      self.init(
        "refused: the name \(name), which nothing grants\(times)",
        hint: option.map { "\($0), or the port that it needs" }, grant: grant)
    case .port:
      self.init(
        "refused: \(place): the name is granted on other ports\(times)", hint: option,
        grant: grant)
    case .address:
      self.init("refused: \(place), which nothing grants\(times)", hint: option, grant: grant)
    case .denied:
      self.init(
        "refused: \(place), which is denied\(times)",
        hint: "a rule of network.deny wins over every grant")
    case .newNames:
      self.init(
        "refused: \(name): too many new names below a wildcard, and each can carry data\(times)",
        hint: option, grant: grant)
    case .resolved:
      self.init(
        "refused: \(place) leads to \(detail), which its rule does not cover\(times)",
        hint: Self.privateHint(refusal))
    case .serverName:
      self.init("refused: \(place): its TLS is for \(detail)\(times)", hint: nil)
    case .noServerName:
      self.init(
        "refused: \(place): its TLS names no server\(times)",
        hint: Self.member(refusal, "\"sni\": \"optional\""))
    case .hiddenServerName:
      self.init(
        "refused: \(place): its TLS hides the server's name (ECH)\(times)",
        hint: Self.member(refusal, "\"sni\": \"optional\""))
    case .notTLS:
      self.init(
        "refused: \(place): what it speaks is no TLS\(Self.reason(detail))\(times)",
        hint: Self.member(refusal, "\"protocol\": \"tcp\""))
    case .host:
      let other = refusal.detail.isEmpty ? "no host" : detail
      self.init("refused: \(place): a request for \(other)\(times)", hint: nil)
    case .notHTTP:
      self.init(
        "refused: \(place): what it speaks is no HTTP that can be held to one host"
          + "\(Self.reason(detail))\(times)",
        hint: Self.member(refusal, "\"protocol\": \"tcp\""))
    case .connections:
      self.init("refused: \(place): as many connections as there may be\(times)", hint: nil)
    }
  }

  /// Nil for a connection of which there is nothing to tell.
  init?(_ connection: EgressConnection) {
    let place = "\(Self.shown(connection.name)) port \(connection.port)"
    switch connection.outcome {
    case .unresolved:
      self.init("not reached: \(place): the name is not known here", hint: nil)
    case .unreachable:
      let address = connection.address.map { " at \($0)" } ?? ""
      let reason = connection.errno == 0 ? "" : ": \(Errno(connection.errno))"
      self.init("not reached: \(place)\(address)\(reason)", hint: nil)
    case .closed, .reset, .idle, .ended: return nil
    }
  }

  private static func shown(_ text: [UInt8]) -> String { Rendering.line(text, limit: 260) }

  private static func reason(_ detail: String) -> String { detail.isEmpty ? "" : " (\(detail))" }

  /// The destination as an option names it; nil for one in which a shell or the option would find
  /// something else.
  private static func grant(_ refusal: EgressRefusal) -> String? {
    guard let host = host(refusal.name) else { return nil }
    switch refusal.reason {
    // The port is not known when a name is asked for: most need this one.
    case .name, .newNames: return "\(host):\(refusal.port == 0 ? 443 : refusal.port)"
    case .port, .address: return refusal.port == 0 ? nil : "\(host):\(refusal.port)"
    case .denied, .resolved, .serverName, .noServerName, .hiddenServerName, .notTLS, .host,
      .notHTTP, .connections:
      return nil
    }
  }

  private static func host(_ name: [UInt8]) -> String? {
    guard let first = name.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else {
      return nil
    }
    let isPlain = name.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    guard isPlain else { return nil }
    let text = String(decoding: name, as: UTF8.self)
    return name.contains(UInt8(ascii: ":")) ? "[\(text)]" : text
  }

  /// A rule of a profile with one member more.
  private static func member(_ refusal: EgressRefusal, _ member: String) -> String? {
    guard let host = host(refusal.name), refusal.port != 0 else { return nil }
    return
      "in a profile: { \"host\": \"\(host)\", \"ports\": [\(refusal.port)], \(member) }"
  }

  /// What `private` covers; nil for what no rule of a name's does.
  private static func privateHint(_ refusal: EgressRefusal) -> String? {
    let isPrivate = privateKinds.contains { kind in
      refusal.detail.reversed().starts(with: "(\(kind))".utf8.reversed())
    }
    return isPrivate ? member(refusal, "\"private\": true") : nil
  }

  /// As the egress process words them.
  private static let privateKinds = [
    "private-use", "unique-local", "carrier NAT", "on-link", "this machine's own",
  ]
}
