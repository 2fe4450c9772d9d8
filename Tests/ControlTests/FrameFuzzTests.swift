import Testing

@testable import Control

/// Frames from a part that someone took over: random ones, and valid ones with something changed.
/// Each is decoded into what its bytes say and nothing else, or is an error.
@Suite struct FrameFuzzTests {
  /// SplitMix64: the same cases in every run.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }

  static let item = PinnedItem(
    kind: "tool", name: Array("näme".utf8), digest: Array(repeating: 7, count: 32))

  static let reports: [RelayReport] = [
    .ready, .failed(step: "seccomp", errno: 22),
    .item(sequence: 1, kind: "tool", name: [104, 255], canonical: Array("{\"a\":1}".utf8)),
    .observed(sequence: .max, kind: "prompt", present: [item, item, item]),
    .event(
      kind: "call",
      fields: [
        ControlField("tool", .text([255, 0])), ControlField("ms", .integer(-1)),
        ControlField("error", .boolean(true)),
      ]),
    .handshaken, .hostClosed, .finished,
  ]

  static let orders: [RelayOrder] = [
    .configure(
      RelayConfiguration(
        serverName: "notes", mode: .refuse(message: "no", waitMilliseconds: 2000),
        messageSize: 1 << 24, notice: true, digestArguments: false, requiresLandlock: true,
        secrets: [NamedSecret(name: "TOKEN", value: [0, 255])],
        rules: ProtocolRules(denied: [.tasks], extensions: [[97]], roots: [[47], [47, 255]]))),
    .pins(PinSnapshot(sequence: 9, approved: [item], rejected: [], waiting: [item, item])),
    .closeServer,
  ]

  /// Changes a frame's body in one of the ways in which a liar would, and puts the length right.
  static func mutated(_ frame: [UInt8], _ random: inout Generator) -> [UInt8] {
    var body = Array(frame[4...])
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard !body.isEmpty else { break }
      let place = Int.random(in: 0..<body.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: body[place] = UInt8.random(in: 0...255, using: &random)
      case 2: body.removeSubrange(place...)
      case 3: body.insert(contentsOf: body.prefix(place), at: place)
      case 4:
        // A count or a number at its limits.
        let value: UInt64 =
          [0, 1, 255, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max].randomElement(
            using: &random) ?? 0
        for index in 0..<8 where place + index < body.count {
          body[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
      default: body.append(UInt8.random(in: 0...255, using: &random))
      }
    }
    return framed(body)
  }

  static func random(_ random: inout Generator) -> [UInt8] {
    let count = Int.random(in: 0...80, using: &random)
    var body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    // Mostly a type that there is, and counts that could be true.
    if count > 0 { body[0] = UInt8.random(in: 0...9, using: &random) }
    for index in body.indices where index % 8 != 1 && Bool.random(using: &random) {
      body[index] = 0
    }
    return framed(body)
  }

  static func framed(_ body: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body
  }

  /// - Returns: the frame as its decoded message would be written; nil for an error.
  private func reread(
    _ bytes: [UInt8], _ decode: (FrameFields) throws(FrameError) -> [UInt8]
  ) -> [UInt8]? {
    var reader = FrameReader(limit: RelayReport.longestFrame)
    reader.feed(bytes)
    do throws(FrameError) {
      guard let fields = try reader.next() else { return nil }
      return try decode(fields)
    } catch {
      return nil
    }
  }

  @Test(arguments: 0..<4)
  func everyReportSaysWhatItsBytesSay(part: Int) {
    var random = Generator(state: UInt64(part))
    var decoded = 0
    for index in 0..<25_000 {
      let valid = Self.reports[index % Self.reports.count].frame()
      let bytes =
        index % 2 == 0 ? Self.mutated(valid, &random) : Self.random(&random)
      let again = reread(bytes) { (fields) throws(FrameError) in try RelayReport(fields).frame() }
      if again != nil { decoded += 1 }
      if let again, again != bytes { Issue.record("\(bytes) is read as \(again)") }
    }
    // A generator that made nothing valid would try little.
    #expect((500..<24_000).contains(decoded), "\(decoded)")
  }

  @Test(arguments: 4..<6)
  func everyOrderSaysWhatItsBytesSay(part: Int) {
    var random = Generator(state: UInt64(part))
    for index in 0..<25_000 {
      let valid = Self.orders[index % Self.orders.count].frame()
      let bytes = index % 2 == 0 ? Self.mutated(valid, &random) : Self.random(&random)
      let again = reread(bytes) { (fields) throws(FrameError) in try RelayOrder(fields).frame() }
      if let again, again != bytes { Issue.record("\(bytes) is read as \(again)") }
    }
  }

  /// However the bytes arrive, and whatever stands before a fault, the frames are the same.
  @Test func framesDoNotDependOnHowTheyArrive() throws {
    var random = Generator(state: 9)
    for _ in 0..<500 {
      let frames = (0..<20).map { Self.mutated(Self.reports[$0 % 8].frame(), &random) }
      let bytes = frames.flatMap { $0 }
      var reader = FrameReader(limit: 1 << 20)
      var rest = bytes[...]
      var found = 0
      while !rest.isEmpty {
        let count = Int.random(in: 1...200, using: &random)
        reader.feed(rest.prefix(count))
        rest = rest.dropFirst(count)
        do throws(FrameError) {
          while reader.hasFrame, try reader.next() != nil { found += 1 }
        } catch {
          // A frame without a byte has no type.
          guard case .truncated = error else { throw error }
          found = -1
          break
        }
      }
      let first = frames.firstIndex { $0.count == 4 }
      #expect(first == nil ? found == frames.count : found == -1)
    }
  }
}
