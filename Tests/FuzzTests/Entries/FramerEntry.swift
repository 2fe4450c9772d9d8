import JSON
import MCP
import PlainJSON

/// A stream gives the same lines wherever it is cut, and every line has one reading.
///
/// The first byte chooses the limit, the second how the stream is cut; the rest is the stream.
enum FramerEntry {
  private enum Event: Equatable {
    case line([UInt8])
    case overflow([UInt8])
    case end([UInt8])
  }

  private static let limits = [1, 2, 16, 64, 300, 3000]
  /// The framer keeps so much of the end of a line over the limit.
  private static let tail = 2048

  static func check(_ input: [UInt8]) -> String? {
    guard input.count >= 2 else { return nil }
    let limit = limits[Int(input[0]) % limits.count]
    let stream = Array(input[2...])
    let expected = expected(stream, limit)
    guard framed(stream, limit, cutting: input[1]) == expected else { return "other lines" }
    for case .line(let line) in expected {
      if let broken = check(line: line) { return broken }
    }
    return nil
  }

  /// What the framer must say, without its memory and its order of events.
  private static func expected(_ stream: [UInt8], _ limit: Int) -> [Event] {
    var events: [Event] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let newline = rest.firstIndex(of: 0x0A) ?? rest.endIndex
      let raw = rest[..<newline]
      rest = rest[newline...].dropFirst()
      let line = raw.last == 0x0D ? raw.dropLast() : raw
      if line.count > limit {
        events += [.overflow(Array(raw.prefix(limit))), .end(Array(raw.suffix(tail)))]
      } else if !raw.isEmpty || newline < stream.endIndex {
        events.append(.line(Array(line)))
      }
    }
    return events
  }

  private static func framed(_ stream: [UInt8], _ limit: Int, cutting seed: UInt8) -> [Event] {
    var framer = LineFramer(limit: limit)
    var events: [Event] = []
    func note(_ frame: LineFramer.Frame, _ framer: borrowing LineFramer) {
      switch frame {
      case .line(let range): events.append(.line(framer.bytes(range)))
      case .overflow(let head): events.append(.overflow(framer.bytes(head)))
      case .overflowEnd(let tail): events.append(.end(framer.bytes(tail)))
      }
    }
    var state = UInt64(seed)
    var rest = stream[...]
    while !rest.isEmpty {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let size = seed == 0 ? rest.count : 1 + Int(state >> 33) % (seed < 128 ? 7 : 900)
      framer.feed(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
      while let frame = framer.next() { note(frame, framer) }
    }
    while let frame = framer.finish() { note(frame, framer) }
    return events
  }

  /// Tree, outline and envelope read one thing, and rewriting keeps it and every byte that it may.
  private static func check(line: [UInt8]) -> String? {
    let tree = attempt { () throws(JSONError) in try JSONReader.parse(line) }
    let outline = attempt { () throws(JSONError) in try JSONOutline.scan(line) }
    guard isRead(outline, asBy: PlainReader.read(line)) else { return "not as a plain reader" }
    switch (tree, outline) {
    case (.failure(let one), .failure(let two)):
      guard one == two else { return "refused for two reasons: \(one), \(two)" }
      return readAsMessage(line) ? "a message that is no JSON" : nil
    case (.success(let tree), .success(let outline)):
      return check(line, tree, outline)
    default: return "one reader accepts, the other refuses"
    }
  }

  private static func check(_ line: [UInt8], _ tree: JSONNode, _ outline: JSONOutline) -> String? {
    guard tree.range == outline.range, tree.kind == outline.kind else { return "two roots" }
    guard outline.isOneLine == SingleLine.holds(line) else { return "misjudged as one line" }
    let rewritten = OneLine.rewrite(line)
    guard rewritten == SingleLine.rewritten(line) else { return "rewritten otherwise" }
    guard
      case .success(let again) = attempt({ () throws(JSONError) in
        try JSONReader.parse(rewritten)
      })
    else { return "rewritten so that it cannot be read" }
    guard JSONCanonical.write(again) == JSONCanonical.write(tree) else {
      return "rewritten as something else"
    }
    let members = tree.object ?? []
    guard outline.members.count == members.count else { return "other members" }
    for (one, two) in zip(outline.members, members) {
      guard one.value == two.value.range, one.kind == two.value.kind,
        unsafe line.withUnsafeBytes({ unsafe JSONOutline.key(of: one, in: $0) }) == two.key
      else { return "another member" }
    }
    return nil
  }

  /// Which of several faults is found first is no matter here.
  private static func isRead(
    _ outline: Result<JSONOutline, JSONError>,
    asBy plain: Result<PlainReader.Outcome, PlainReader.Refusal>
  ) -> Bool {
    switch (outline, plain) {
    case (.failure, .failure): true
    case (.success(let outline), .success(let plain)):
      outline.members.map(\.value) == plain.members.map(\.value)
        && outline.elements == plain.elements && outline.isOneLine == plain.isOneLine
    default: false
    }
  }

  private static func readAsMessage(_ line: [UInt8]) -> Bool {
    do throws(EnvelopeError) {
      _ = try Message.read(line)
      return true
    } catch {
      if case .json = error.reason { return false }
      return true
    }
  }

  private static func attempt<Value>(
    _ body: () throws(JSONError) -> Value
  ) -> Result<Value, JSONError> {
    do throws(JSONError) {
      return .success(try body())
    } catch {
      return .failure(error)
    }
  }
}
