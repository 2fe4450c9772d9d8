/// Reads values of one document strictly and writes each in canonical form, without a tree between
/// the two: what `JSONCanonical.write` makes of what `JSONReader.parse` reads, byte for byte.
///
/// What it works with is kept from one value to the next: the values of a list are alike. It must not
/// outlive the scoped access that lent the bytes.
public struct CanonicalReader: ~Copyable {
  private let bytes: ByteView
  private let limits: JSONLimits
  private var keys = KeyTable()
  private var tape = JSONTape()
  private var writer: CanonicalWriter

  public init(
    _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits(),
    numbers: JSONCanonical.Numbers = .faithful
  ) {
    self.bytes = unsafe ByteView(bytes)
    self.limits = limits
    writer = CanonicalWriter(self.bytes, numbers)
  }

  /// Reads the value that fills `range`.
  ///
  /// - Parameter omitted: a member of the value that is left out where it is a number written in
  ///   digits alone; anything else in its place stays.
  public mutating func read(
    _ range: Range<Int>, leavingOut omitted: JSONString? = nil
  ) throws(JSONError) {
    // Taken out for the scan; after an error new ones are begun with.
    var empty = KeyTable()
    swap(&keys, &empty)
    var emptyTape = JSONTape()
    swap(&tape, &emptyTape)
    emptyTape.clear()
    var scanner = try Scanner(
      bytes, range: range, dialect: .strict, limits: limits,
      sink: TapeSink(emptyTape, limits), keys: empty)
    try scanner.run()
    scanner.exchange(keys: &keys)
    scanner.sink.exchange(tape: &tape)
    writer.write(tape, leavingOut: omitted)
  }

  /// What the last value is.
  public var kind: JSONKind { tape.kind(bytes) }

  /// The last value's canonical form.
  public var canonical: [UInt8] { writer.output.bytes }

  /// Lends the same without a copy.
  public func withCanonical<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    unsafe writer.output.withBytes(body)
  }

  /// The last value's member with this key; nil where it is no string, or the value no object.
  public func string(_ key: JSONString) -> JSONString? {
    guard tape[0].kind == .object else { return nil }
    var index = 1
    while index < Int(tape[0].next) {
      let value = tape[index &+ 1]
      if value.kind == .string, bytes.isKey(tape[index], key) {
        return bytes.string(value.range, hasEscapes: value.hasEscapes)
      }
      index = Int(value.next)
    }
    return nil
  }
}

extension JSONCanonical {
  /// A whole document in canonical form, as `CanonicalReader` reads it.
  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits(), numbers: Numbers = .faithful
  ) throws(JSONError) -> [UInt8] {
    let result: Result<[UInt8], JSONError> = unsafe bytes.withUnsafeBytes { buffer in
      var reader = unsafe CanonicalReader(buffer, limits: limits, numbers: numbers)
      do throws(JSONError) {
        try reader.read(0..<buffer.count)
        return .success(reader.canonical)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
