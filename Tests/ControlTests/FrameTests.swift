import Testing

@testable import Control

@Suite struct FrameTests {
  private func roundTrip(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> FrameFields? {
    var reader = FrameReader(limit: limit)
    reader.feed(bytes)
    return try reader.next()
  }

  static let item = PinnedItem(kind: "tool", name: [0xff, 0], digest: [1, 2, 3])

  @Test(arguments: [
    RelayOrder.closeServer,
    .configure(
      RelayConfiguration(
        serverName: "notes", mode: .refuse(message: "no", waitMilliseconds: 2000),
        messageSize: 1 << 24,
        limits: RelayLimits(
          nesting: 1, pendingRequests: 2, lineSize: 3, messages: 4, notifications: 5,
          standardError: 6, handshake: 7, request: 8), notice: true, digestArguments: false,
        requiresLandlock: true,
        secrets: [NamedSecret(name: "TOKEN", value: [0, 255])],
        rules: ProtocolRules(denied: [.tasks], extensions: [[97]], roots: [[47], [47, 255]]),
        withholdResources: true)),
    .pins(PinSnapshot(sequence: 9, approved: [item], rejected: [], waiting: [item, item])),
    .pins(
      PinSnapshot(sequence: 1, approved: [], rejected: [], waiting: [], capabilities: [123, 125])),
  ])
  func ordersSurviveTheWire(order: RelayOrder) throws {
    let fields = try #require(try roundTrip(order.frame()))
    #expect(try RelayOrder(fields) == order)
  }

  @Test(arguments: [
    .slow(SlowStart(seconds: 5, unread: 1, output: 2, standardError: 3, lastWords: nil)),
    RelayReport.ready, .failed(step: "seccomp", errno: 22),
    .item(sequence: 1, kind: "tool", name: [104], canonical: Array("{}".utf8)),
    .observed(sequence: 1, kind: "tool", present: [item]),
    .event(
      kind: "call",
      fields: [
        ControlField("tool", .text([255])), ControlField("ms", .integer(-1)),
        ControlField("error", .boolean(true)),
      ]),
    .handshaken, .hostClosed, .finished,
    .lastWords(LastWords(symptom: Symptom.all[0], line: [0x1B, 0xFF])),
  ])
  func reportsSurviveTheWire(report: RelayReport) throws {
    let fields = try #require(try roundTrip(report.frame()))
    #expect(try RelayReport(fields) == report)
  }

  @Test func everyTruncationIsAnErrorAndNeverACrash() throws {
    let whole = RelayReport.observed(sequence: 1, kind: "tool", present: [Self.item]).frame()
    for count in 5..<whole.count {
      var cut = Array(whole[..<count])
      cut[0] = UInt8(count - 4)
      let fields = try #require(try roundTrip(cut))
      #expect(throws: FrameError.self) { try RelayReport(fields) }
    }
  }

  @Test func aCountThatLiesDoesNotAllocate() throws {
    var writer = FrameWriter(type: 4)
    writer.append(UInt64(1))
    writer.append("tool")
    writer.append(UInt64(Int64.max))
    let fields = try #require(try roundTrip(writer.finished()))
    #expect(throws: FrameError.truncated) { try RelayReport(fields) }
  }

  @Test func aFrameOverTheLimitIsRefusedBeforeItArrives() {
    #expect(throws: FrameError.tooLong(1 << 20)) {
      try roundTrip([0, 0, 16, 0, 1], limit: 1 << 10)
    }
  }

  @Test func bytesBehindTheLastFieldAreRefused() throws {
    let fields = try #require(try roundTrip([2, 0, 0, 0, 1, 0]))
    #expect(throws: FrameError.trailingBytes) { try RelayReport(fields) }
  }
}
