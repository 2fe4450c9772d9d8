import Control
import Testing

@testable import Egress

@Suite struct TLSInspectionTests {
  typealias Bytes = TLSBytes

  private static let ours = Bytes.record(Bytes.hello(for: "a.example"))
  private static let other = Bytes.record(Bytes.hello(for: "b.example"))
  private static let cipherChange = Bytes.record([1], type: 20)
  private static let earlyData = Bytes.record([UInt8](repeating: 1, count: 40), type: 23)
  private static let plainAnswer = Bytes.serverHello(random: [UInt8](repeating: 5, count: 32))

  private static func inspection(allowsMissingName: Bool = false) -> TLSInspection {
    TLSInspection(names: [Array("a.example".utf8)], allowsMissingName: allowsMissingName)
  }

  @Test func theRightHelloPassesAndTheAnswerSettles() {
    var inspection = Self.inspection()
    #expect(inspection.client(Self.ours[..<100]) == Inspected())
    #expect(
      inspection.client((Self.ours[100...] + Self.earlyData)[...])
        == Inspected(released: Self.ours.count))
    #expect(inspection.client(Self.cipherChange[...]) == Inspected())
    #expect(inspection.server(Self.plainAnswer[..<42]) == Inspected())
    #expect(
      inspection.server(Self.plainAnswer[42...])
        == Inspected(
          released: Self.earlyData.count + Self.cipherChange.count, verdict: .settled))
    #expect(inspection.client([9, 9]) == Inspected(released: 2, verdict: .settled))
  }

  @Test func anotherNameDoesNot() {
    for (hello, allows, reason) in [
      (Self.other, false, EgressRefusal.Reason.serverName), (Self.other, true, .serverName),
      (Bytes.record(Bytes.hello(nil)), false, .noServerName),
      (Array("GET / HTTP/1.1\r\n".utf8), false, .notTLS),
    ] {
      var inspection = Self.inspection(allowsMissingName: allows)
      let inspected = inspection.client(hello[...])
      guard case .refused(let objection) = inspected.verdict else {
        Issue.record("\(inspected)")
        continue
      }
      #expect(objection.reason == reason)
      #expect(inspected.released == 0)
      #expect(inspection.client(Self.ours[...]) == inspected)
      #expect(inspection.server(Self.plainAnswer[...]) == inspected)
    }
    var inspection = Self.inspection(allowsMissingName: true)
    let nameless = Bytes.record(Bytes.hello(nil))
    #expect(inspection.client(nameless[...]) == Inspected(released: nameless.count))
  }

  /// A server that wants another group is told the name once more, in the clear.
  @Test func theSecondHelloIsReadToo() {
    let refused = Inspected(
      verdict: .refused(Objection(.serverName, Array("b.example".utf8))))
    // Said only when asked, or at once by a client that knows what will be asked.
    for isEarly in [false, true] {
      for (second, isRight) in [(Self.ours, true), (Self.other, false)] {
        let flight = Self.earlyData + Self.cipherChange + second + Self.cipherChange
        var inspection = Self.inspection()
        #expect(
          inspection.client((Self.ours + (isEarly ? flight : []))[...])
            == Inspected(released: Self.ours.count))
        var last = inspection.server(Bytes.retry[...])
        if !isEarly {
          #expect(last == Inspected())
          for byte in flight.dropLast(Self.cipherChange.count) {
            last = inspection.client([byte])
          }
          if isRight {
            #expect(last.released == flight.count - Self.cipherChange.count)
            #expect(last.verdict == .settled)
          }
        } else if isRight {
          #expect(last == Inspected(released: flight.count, verdict: .settled))
        }
        if !isRight { #expect(last == refused) }
      }
    }
  }

  @Test func aSecondHelloThatNobodyAskedForIsNoMatter() {
    // Without the request for it a server takes it for a fault.
    var inspection = Self.inspection()
    _ = inspection.client((Self.ours + Self.other)[...])
    #expect(
      inspection.server(Self.plainAnswer[...])
        == Inspected(released: Self.other.count, verdict: .settled))
  }

  @Test func aFatalAlertSettles() {
    var inspection = Self.inspection()
    _ = inspection.client(Self.ours[...])
    #expect(inspection.server([21, 3, 3, 0, 2]) == Inspected())
    #expect(inspection.server([2]) == Inspected(verdict: .settled))
  }

  /// A server may warn, and then ask for another hello all the same.
  @Test func aWarningDoesNot() {
    let warning: [UInt8] = [1, 112]
    for warnings in [
      Bytes.record(warning, type: 21), Bytes.record(warning + warning, type: 21),
      Bytes.record([1], type: 21) + Bytes.record([112], type: 21),
    ] {
      for size in [1, warnings.count] {
        var inspection = Self.inspection()
        _ = inspection.client((Self.ours + Self.other)[...])
        var rest = warnings[...]
        while !rest.isEmpty {
          #expect(inspection.server(rest.prefix(size)) == Inspected())
          rest = rest.dropFirst(size)
        }
        #expect(
          inspection.server(Bytes.retry[...])
            == Inspected(verdict: .refused(Objection(.serverName, Array("b.example".utf8)))))
      }
    }
  }

  @Test func theAnswerIsReadHoweverItIsCut() {
    for (answer, verdict) in [
      (Bytes.retry, ServerHelloReader.Verdict.retry), (Self.plainAnswer, .settled),
    ] {
      for size in [1, 7, 38, 400] {
        var reader = ServerHelloReader()
        // Over several records too, and an empty one, which some receivers let pass.
        for chunk in [[UInt8](answer[5..<9]), [], [UInt8](answer[9...])].map({ Bytes.record($0) }) {
          var rest = chunk[...]
          while !rest.isEmpty {
            reader.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
          }
        }
        #expect(reader.verdict == verdict)
      }
    }
  }
}
