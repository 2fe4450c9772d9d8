/// A receiver of HTTP/1 that takes whatever it can make something of, in one of the ways that real
/// ones have been found to.
struct PlainReceiver: CustomStringConvertible {
  /// Of two fields of a name the last counts, rather than the first.
  var takesLast = false
  /// With both a length and chunks the length counts.
  var prefersLength = false
  /// A line may end with a carriage return alone.
  var splitsAtReturn = false
  /// A line that begins with white space goes on with the one before.
  var unfolds = false
  /// White space, control characters and underscores in a field's name are no matter.
  var trimsNames = false
  /// GET and HEAD have no body, whatever they say.
  var skipsBodies = false

  static let all: [PlainReceiver] = (0..<64).map { bits in
    PlainReceiver(
      takesLast: bits & 1 != 0, prefersLength: bits & 2 != 0, splitsAtReturn: bits & 4 != 0,
      unfolds: bits & 8 != 0, trimsNames: bits & 16 != 0, skipsBodies: bits & 32 != 0)
  }

  var description: String {
    let traits = [
      takesLast ? "last" : "", prefersLength ? "length" : "", splitsAtReturn ? "return" : "",
      unfolds ? "unfolds" : "", trimsNames ? "trims" : "", skipsBodies ? "skips" : "",
    ]
    return "a receiver (" + traits.filter { !$0.isEmpty }.joined(separator: ", ") + ")"
  }

  /// Whom each request is for, in lower case and without the dot at a name's end; empty for one that
  /// does not say.
  func hosts(_ stream: [UInt8]) -> [String] {
    var rest = stream[...]
    var hosts: [String] = []
    while !rest.isEmpty {
      guard let head = lines(&rest), let request = head.first else { break }
      let fields = fields(Array(head.dropFirst()))
      hosts.append(host(request, fields))
      skipBody(&rest, request, fields)
    }
    return hosts
  }

  /// Up to an empty line; nil where there is none. Empty lines first are passed over.
  private func lines(_ rest: inout ArraySlice<UInt8>) -> [[UInt8]]? {
    var lines: [[UInt8]] = []
    while let line = line(&rest) {
      if !line.isEmpty {
        lines.append(line)
      } else if !lines.isEmpty {
        return lines
      }
    }
    return nil
  }

  private func line(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    var at = rest.startIndex
    while at < rest.endIndex {
      let byte = rest[at]
      let isReturn = splitsAtReturn && byte == 0x0D
      if byte == 0x0A || isReturn {
        var line = Array(rest[..<at])
        if line.last == 0x0D { line.removeLast() }
        let next = at + 1
        let hasBoth = isReturn && next < rest.endIndex && rest[next] == 0x0A
        rest = rest[(hasBoth ? next + 1 : next)...]
        return line
      }
      at += 1
    }
    return nil
  }

  private func fields(_ lines: [[UInt8]]) -> [(name: String, value: String)] {
    var whole: [[UInt8]] = []
    for line in lines {
      if unfolds, !whole.isEmpty, line[0] == 0x20 || line[0] == 0x09 {
        whole[whole.count - 1] += line
      } else {
        whole.append(line)
      }
    }
    return whole.compactMap { line in
      guard let colon = line.firstIndex(of: 0x3A) else { return nil }
      var name = line[..<colon].map { $0 }
      if trimsNames {
        name = name.filter { $0 > 0x20 && $0 != 0x7F }.map { $0 == 0x5F ? 0x2D : $0 }
      }
      return (text(name), trimmed(text(Array(line[(colon + 1)...]))))
    }
  }

  private func value(_ name: String, _ fields: [(name: String, value: String)]) -> String? {
    let values = fields.filter { $0.name == name }.map(\.value)
    return takesLast ? values.last : values.first
  }

  private func host(_ request: [UInt8], _ fields: [(name: String, value: String)]) -> String {
    let parts = text(request).split { $0 == " " || $0 == "\t" }
    var host = value("host", fields) ?? ""
    if parts.count > 1, let scheme = range(of: "://", in: parts[1]) {
      let authority = parts[1][scheme...].prefix { !"/".contains($0) }
      host = String(authority.split(separator: "@").last ?? "")
    }
    return host.hasSuffix(".") ? String(host.dropLast()) : host
  }

  private func range(of mark: String, in text: Substring) -> Substring.Index? {
    guard !text.hasPrefix("/") else { return nil }
    return text.indices.first { text[$0...].hasPrefix(mark) }
      .map { text.index($0, offsetBy: mark.count) }
  }

  private func skipBody(
    _ rest: inout ArraySlice<UInt8>, _ request: [UInt8], _ fields: [(name: String, value: String)]
  ) {
    let method = text(Array(request.prefix { $0 != 0x20 }))
    if skipsBodies, method == "get" || method == "head" { return }
    let length = value("content-length", fields).flatMap {
      Int($0.drop { $0 == "+" }.prefix { $0.isNumber })
    }
    let encodings = fields.filter { $0.name == "transfer-encoding" }.map(\.value)
    let isChunked = encodings.contains { $0.contains("chunked") }
    if isChunked, !(prefersLength && length != nil) {
      skipChunks(&rest)
    } else if let length {
      rest = rest.dropFirst(length)
    }
  }

  private func skipChunks(_ rest: inout ArraySlice<UInt8>) {
    while let line = line(&rest) {
      let digits = trimmed(text(line)).prefix { $0.isHexDigit }
      guard let size = Int(digits, radix: 16), size > 0 else {
        if !line.isEmpty {
          while let trailer = self.line(&rest), !trailer.isEmpty {}
          return
        }
        continue
      }
      rest = rest.dropFirst(size)
    }
  }

  private func text(_ bytes: [UInt8]) -> String {
    String(bytes.map { Character(Unicode.Scalar($0)) }).lowercased()
  }

  private func trimmed(_ text: String) -> String {
    var rest = text.drop { $0 == " " || $0 == "\t" }
    while rest.last == " " || rest.last == "\t" { rest = rest.dropLast() }
    return String(rest)
  }
}
