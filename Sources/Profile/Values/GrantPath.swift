/// Which paths of the machine can be granted at all.
enum GrantPath {
  /// Places that the sandbox makes anew for every server. The machine's own would show its
  /// processes, its devices and the kernel's switches.
  static let neverGranted = ["/proc", "/sys", "/dev"]

  static func parse(_ text: String, expansion: PathExpansion) throws(ValueFault) -> String {
    let path = try expansion.expand(text)
    if let place = neverGranted.first(where: { PathOrder.contains($0, path) }) {
      throw ValueFault(
        .badPath, "\(Printable.quoted(text)): nothing below \(place) can be granted",
        hint: "the sandbox has a \(place) of its own")
    }
    return path
  }

  /// A socket of the host's: its services listen below /run, which is never granted whole.
  static func parseSocket(_ text: String, expansion: PathExpansion) throws(ValueFault) -> String {
    let path = try parse(text, expansion: expansion)
    if path.hasSameBytes(as: "/") {
      throw ValueFault(.badPath, "a socket is named by its path")
    }
    return path
  }
}
