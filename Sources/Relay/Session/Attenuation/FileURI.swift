/// Reads `file:` URIs, as a root of the host's is one.
///
/// Servers read them with libraries that differ. A URI that two of them could take for different
/// paths is not understood here: it has no path.
enum FileURI {
  /// The absolute path, its components separated by single slashes and no slash at the end.
  ///
  /// - Returns: nil for another scheme, another machine, `..` however it is written, an encoded
  ///   slash or NUL, a `%` that encodes nothing, a query or a fragment, and for the backslashes and
  ///   control characters that URLs of the WHATWG's kind drop or take for slashes.
  static func path(_ uri: [UInt8]) -> [UInt8]? {
    let scheme = Array("file://".utf8)
    guard uri.count > scheme.count,
      zip(uri, scheme).allSatisfy({ $0 == $1 || (isUpperCase($0) && $0 | 0x20 == $1) })
    else { return nil }
    let rest = uri.dropFirst(scheme.count)
    guard let start = rest.firstIndex(of: UInt8(ascii: "/")), isThisMachine(rest[..<start]),
      rest.last != UInt8(ascii: " ")
    else { return nil }
    var path: [UInt8] = []
    for raw in rest[start...].split(separator: UInt8(ascii: "/")) {
      guard let component = decoded(raw) else { return nil }
      if component.elementsEqual(".".utf8) { continue }
      if component.elementsEqual("..".utf8) { return nil }
      path.append(UInt8(ascii: "/"))
      path += component
    }
    return path.isEmpty ? [UInt8(ascii: "/")] : path
  }

  private static func isUpperCase(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

  private static func isThisMachine(_ authority: ArraySlice<UInt8>) -> Bool {
    authority.isEmpty || authority.map { $0 | 0x20 }.elementsEqual("localhost".utf8)
  }

  private static func decoded(_ raw: ArraySlice<UInt8>) -> [UInt8]? {
    var component: [UInt8] = []
    var rest = raw
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
        else { return nil }
        let value = high << 4 | low
        guard value != 0, value != UInt8(ascii: "/") else { return nil }
        component.append(value)
      case 0..<0x20, 0x7F, UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"):
        return nil
      default:
        component.append(byte)
      }
    }
    return component
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
