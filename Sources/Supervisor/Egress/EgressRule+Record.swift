import Control

extension EgressRule {
  /// For the log: where it leads, and in brackets what differs from the usual.
  var record: String {
    var notes: [String] = []
    switch destination {
    case .host, .subdomains:
      if let inspection, inspection != port.map(Inspection.usual) { notes.append(inspection.word) }
      if allowsMissingName { notes.append("sni optional") }
      if allowsPrivate { notes.append("private") }
    // No name is meant, so that none is looked at.
    case .loopback, .network: break
    }
    return text + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }
}

extension EgressRule.Inspection {
  /// As a profile has it.
  fileprivate var word: String {
    switch self {
    case .none: "tcp"
    case .tls: "tls"
    case .http: "http"
    }
  }
}
