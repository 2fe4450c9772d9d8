/// Builds a document value by value.
///
/// The compact form is one line for every reader; the pretty form (two spaces, a newline at the end)
/// is for files that people read. Nesting is the caller's: what is begun must be ended.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private let isPretty: Bool
  /// Per open container, how many entries it has.
  private var counts: [Int] = []
  private var isAfterKey = false

  public init(pretty: Bool = false) {
    isPretty = pretty
  }

  public mutating func beginObject() { begin(Ascii.openBrace) }
  public mutating func endObject() { end(Ascii.closeBrace) }
  public mutating func beginArray() { begin(Ascii.openBracket) }
  public mutating func endArray() { end(Ascii.closeBracket) }

  public mutating func key(_ key: JSONString) {
    separate()
    StringWriting.write(key, escapingLineSeparators: true, to: &bytes)
    bytes.append(Ascii.colon)
    if isPretty { bytes.append(Ascii.space) }
    isAfterKey = true
  }

  public mutating func string(_ value: JSONString) {
    separate()
    StringWriting.write(value, escapingLineSeparators: true, to: &bytes)
    finish()
  }

  public mutating func string(_ value: String) { string(JSONString(value)) }

  public mutating func int(_ value: some BinaryInteger) { raw(Array(String(value).utf8)) }

  public mutating func bool(_ value: Bool) { raw(Array(value ? "true".utf8 : "false".utf8)) }

  public mutating func null() { raw(Array("null".utf8)) }

  /// A value that is JSON already, put in as it is.
  public mutating func raw(_ value: some Collection<UInt8>) {
    separate()
    bytes += value
    finish()
  }

  /// Members, one after the other: `writer.member("name") { $0.string(name) }`.
  public mutating func member(_ key: JSONString, _ value: (inout JSONWriter) -> Void) {
    self.key(key)
    value(&self)
  }

  public mutating func object(_ members: (inout JSONWriter) -> Void) {
    beginObject()
    members(&self)
    endObject()
  }

  public mutating func array(_ elements: (inout JSONWriter) -> Void) {
    beginArray()
    elements(&self)
    endArray()
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    counts.append(0)
  }

  private mutating func end(_ bracket: UInt8) {
    let count = counts.popLast() ?? 0
    if count > 0 { breakLine() }
    bytes.append(bracket)
    finish()
  }

  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    guard let last = counts.indices.last else { return }
    if counts[last] > 0 { bytes.append(Ascii.comma) }
    counts[last] += 1
    breakLine()
  }

  private mutating func finish() {
    if isPretty && counts.isEmpty { bytes.append(Ascii.newline) }
  }

  private mutating func breakLine() {
    guard isPretty else { return }
    bytes.append(Ascii.newline)
    bytes += repeatElement(Ascii.space, count: counts.count * 2)
  }
}
