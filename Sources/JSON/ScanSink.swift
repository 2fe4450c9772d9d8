/// What a reader makes of the one strict scan: the scanner decides what is JSON, a sink only keeps.
protocol ScanSink: ~Copyable {
  /// A key, without its quotes; its value follows.
  mutating func key(_ body: Range<Int>, hasEscapes: Bool) throws(JSONError)
  /// A string's range is without its quotes.
  mutating func string(_ body: Range<Int>, hasEscapes: Bool) throws(JSONError)
  /// A number, true, false or null.
  mutating func literal(_ kind: JSONKind, _ range: Range<Int>) throws(JSONError)
  mutating func open(_ kind: JSONKind, at offset: Int) throws(JSONError)
  /// The end is past the bracket.
  mutating func close(_ kind: JSONKind, end: Int) throws(JSONError)
}
