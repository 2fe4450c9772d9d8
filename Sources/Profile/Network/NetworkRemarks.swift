import Kernel

extension NetworkRule {
  /// What the grant opens beyond what it says, a sentence each.
  public var remarks: [String] {
    var lines: [String] = []
    switch destination {
    case .host: break
    case .subdomains(let name):
      let name = String(decoding: name, as: UTF8.self)
      lines.append(
        "every name below \(name), and not \(name) itself: a label that the server makes up "
          + "reaches whoever answers for them, so that only so many new ones pass in a minute")
    case .loopback:
      lines.append(
        "whatever listens there on the machine takes the server for a program of this machine")
    case .network(let address, let length):
      lines.append(
        length == address.width
          ? "no name is looked at: whatever answers at the address"
          : "no name is looked at: whatever answers in the network")
    }
    if port == nil { lines.append("wide: every port, whatever answers there") }
    if let inspected { lines.append(inspected) }
    if allowsPrivate {
      lines.append(
        "the name may lead into private networks, and to this machine's own addresses there")
    }
    return lines
  }

  /// How far the name is checked, for what has one.
  private var inspected: String? {
    switch destination {
    case .loopback, .network: return nil
    case .host, .subdomains: break
    }
    switch inspection {
    case .tls?:
      return serverName == .required
        ? "the TLS handshake must name it; inside the encryption, another site behind the same "
          + "front can be asked for"
        : "a TLS handshake without a name passes: any site behind the same front can be asked for"
    case .http?: return "HTTP in the clear: each request's Host must be the name"
    case .tcp?:
      return "nothing is read: any protocol can be spoken, and any site behind the same front "
        + "asked for"
    case nil:
      return "TLS is checked on port 443, HTTP on port 80; nothing is read on the others"
    }
  }
}
