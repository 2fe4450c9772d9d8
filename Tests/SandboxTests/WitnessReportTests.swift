import Control
import SystemCallFilter
import Testing

@testable import Sandbox

/// What the witness may say, and what the supervisor does not take from it.
@Suite struct WitnessReportTests {
  private func fields(of frame: [UInt8]) throws -> FrameFields {
    var reader = FrameReader(limit: WitnessReport.longestFrame)
    reader.feed(frame)
    return try #require(try reader.next())
  }

  static let reports: [WitnessReport] = [
    .call(.init(number: 41, errno: 97, arguments: [.init(index: 0, value: 40)])),
    .call(.init(number: -1, errno: 38, arguments: [])),
    .path(.init(act: .read, errno: 2, path: Array("/etc/\u{1B}[2J".utf8) + [0xFF])),
    .path(
      .init(
        act: .connect, errno: 13,
        path: [UInt8(ascii: "/")] + [UInt8](repeating: 0x61, count: 4095))),
    .destination(.init(address: [192, 0, 2, 1], port: 443)),
    .destination(.init(address: [UInt8](repeating: 0xFE, count: 16), port: 65_535)),
    .failed(step: "seccomp", subject: "listener", errno: 16),
    .totals(.init()),
  ]

  @Test(arguments: reports)
  func everyReportSurvivesTheWire(_ report: WitnessReport) throws {
    #expect(try WitnessReport(fields(of: report.frame())) == report)
  }

  @Test(arguments: reports)
  func aCutReportIsAnErrorAtEveryPlace(_ report: WitnessReport) throws {
    let whole = report.frame()
    for count in 5..<whole.count {
      var cut = Array(whole[..<count])
      let length = UInt32(count - 4)
      for index in 0..<4 { cut[index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
      let fields = try fields(of: cut)
      #expect(throws: FrameError.self) { try WitnessReport(fields) }
    }
  }

  static let impossible: [WitnessReport] = [
    .call(.init(number: 41, errno: 0, arguments: [])),
    .call(.init(number: 41, errno: 4096, arguments: [])),
    .call(.init(number: 41, errno: -1, arguments: [])),
    .call(.init(number: 41, errno: 1, arguments: [.init(index: 6, value: 0)])),
    .call(
      .init(
        number: 41, errno: 1,
        arguments: Array(repeating: ExaminedArguments.Argument(index: 0, value: 0), count: 7))),
    .path(.init(act: .read, errno: 2, path: [])),
    .path(.init(act: .read, errno: 2, path: Array("relative".utf8))),
    .path(.init(act: .read, errno: 2, path: Array("/a\0b".utf8))),
    .path(.init(act: .read, errno: 2, path: [UInt8](repeating: UInt8(ascii: "/"), count: 4097))),
    .destination(.init(address: [], port: 1)),
    .destination(.init(address: [1, 2, 3, 4, 5], port: 1)),
  ]

  @Test(arguments: impossible)
  func whatNoWitnessSaysIsAnError(_ report: WitnessReport) throws {
    let fields = try fields(of: report.frame())
    #expect(throws: FrameError.self) { try WitnessReport(fields) }
  }

  @Test func recordsAreBoundedAndTotalsAreNot() {
    var records = WitnessRecords()
    var told = 0
    for number in Int32(0)..<1000 {
      for _ in 0..<3 where records.isNews(.init(number: number, errno: 1, arguments: [])) {
        told += 1
      }
    }
    #expect(told == WitnessRecords.mostCalls)
    #expect(records.totals.calls == 3000)
    #expect(records.totals.unreported == 3 * UInt64(1000 - WitnessRecords.mostCalls))
    told = 0
    for number in 0..<10_000 {
      let path = WitnessReport.RefusedPath(
        act: .look, errno: 2, path: Array("/nowhere/\(number)".utf8))
      if records.isNews(path) { told += 1 }
      if records.isNews(path) { told += 1 }
    }
    #expect(told == WitnessRecords.mostPaths)
  }

  @Test(
    arguments: [
      ([1, 0] + Array("/run/x.sock\0rest".utf8), SocketAddress.path(Array("/run/x.sock".utf8))),
      ([1, 0, 0] + Array("abstract".utf8), .other),
      ([1, 0], .other),
      ([2, 0, 1, 187, 192, 0, 2, 1], .internet([192, 0, 2, 1], port: 443)),
      (
        [10, 0, 0, 53, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 16),
        .internet([UInt8](repeating: 7, count: 16), port: 53)
      ),
      ([40, 0, 1, 2, 3], .other), ([2, 0, 1, 187], nil), ([], nil), ([10, 0, 0, 53, 0, 0], nil),
    ] as [([UInt8], SocketAddress?)])
  func anAddressIsReadAsTheKernelReadsIt(_ bytes: [UInt8], _ address: SocketAddress?) {
    #expect(SocketAddress(bytes) == address)
  }
}
