import Control
import MCP
import Manifest
import Testing

@testable import Relay

/// A list that is the same again is answered from memory: nothing may come of that but time saved.
@Suite struct ListMemoryTests {
  /// Two sessions that live through the same, one of which forgets each list at once.
  @Test(arguments: 0..<40) func nothingIsDifferentForIt(_ seed: UInt64) throws {
    var chance = Chance(state: seed)
    var scene = Scene()
    var forgetful = Scene()
    var steps: [String] = []
    var pages: [[String]] = [[Self.tool("a", 0)], [Self.tool("b", 0)]]
    var number = 0
    func compare(_ step: String, _ one: Scene.Effect, _ other: Scene.Effect) {
      steps.append(step)
      #expect(one == other, "seed \(seed): \(steps.suffix(8))")
    }
    for step in 0..<60 {
      switch Int.random(in: 0..<10, using: &chance) {
      case 0: pages = Self.pages(&chance)
      case 1:
        guard let item = scene.waiting.randomElement(using: &chance) else { continue }
        compare("approve", scene.approve(item), forgetful.approve(item))
      case 2:
        guard let item = scene.approved.randomElement(using: &chance) else { continue }
        scene.approved.removeAll { $0 == item }
        forgetful.approved.removeAll { $0 == item }
        compare("reject", scene.reject(item), forgetful.reject(item))
      case 3:
        compare("changed", scene.server(Lines.changed), forgetful.server(Lines.changed))
      case 4:
        let line = Lines.call(1000 + step, ["a", "b", "c"].randomElement(using: &chance) ?? "a")
        compare("call", scene.host(line), forgetful.host(line))
      default: break
      }
      let line = Lines.request(step, "tools/list")
      var (asked, other) = (scene.host(line), forgetful.host(line))
      compare("list", asked, other)
      var turns = 0
      // Now and then the list changes between two pages.
      while let request = asked.toServer.first, turns < 20 {
        turns += 1
        if Int.random(in: 0..<12, using: &chance) == 0 { pages = Self.pages(&chance) }
        number += 1
        guard request.contains("\"cordon-7-\(number)\"") else { break }
        let index = Self.index(of: request)
        let more = index + 1 < pages.count ? #","nextCursor":"\#(index + 1)""# : ""
        let answer = Lines.ownResult(number, pages[min(index, pages.count - 1)], more: more)
        forgetful.session.lists[.tools].last = nil
        asked = scene.server(answer)
        other = forgetful.server(answer)
        compare("page \(index)", asked, other)
        asked.toServer.removeAll { !$0.contains("cordon-7-") }
      }
      number = Int(scene.session.ownNumber)
      #expect(scene.waiting == forgetful.waiting)
      #expect(scene.reports == forgetful.reports, "seed \(seed)")
    }
  }

  @Test func theSamePageIsNotReadAgain() throws {
    var scene = Scene()
    scene.approved = [try Lines.pinned(Lines.echo)]
    _ = scene.pins()
    for number in 1...3 {
      _ = scene.host(Lines.request(number, "tools/list"))
      let refresh = try #require(scene.session.lists[.tools].refresh)
      let answer = Array(Lines.ownResult(number, [Lines.echo]).utf8)
      let isKnown = unsafe answer.withUnsafeBytes { bytes in
        scene.session.lists[.tools].last?.pages?.first?
          .isSame(as: unsafe Line(bytes), answering: refresh.id.encoded)
      }
      #expect(isKnown == (number == 1 ? nil : true))
      #expect(
        scene.server(answer).toHost == [Lines.list(number, [Lines.echo])])
    }
  }

  /// One byte more, less or other, anywhere, and the page is read.
  @Test func everyByteIsCompared() throws {
    let line = Array(Lines.ownResult(1, [Lines.echo]).utf8)
    let start = #"{"jsonrpc":"2.0","id":"#.utf8.count
    let id = Array(#""cordon-7-1""#.utf8)
    let page = ListPage(line: line, id: start..<(start + id.count), cursor: nil)
    func isSame(_ other: [UInt8], _ id: [UInt8]) -> Bool {
      unsafe other.withUnsafeBytes { page.isSame(as: unsafe Line($0), answering: id) }
    }
    #expect(isSame(line, id))
    for index in line.indices {
      var other = line
      other[index] ^= 1
      #expect(!isSame(other, id))
      other = line
      other.remove(at: index)
      #expect(!isSame(other, id))
      other = line
      other.insert(0x20, at: index)
      #expect(!isSame(other, id))
    }
    let next = Array(Lines.ownResult(1234, [Lines.echo]).utf8)
    #expect(isSame(next, Array(#""cordon-7-1234""#.utf8)))
    #expect(!isSame(next, id))
    #expect(!isSame([], id))
    #expect(!isSame(Array(line.prefix(start)), id))
  }

  @Test func aListThatIsTooLongIsNotRemembered() throws {
    var scene = Scene(messageSize: 16 << 20)
    scene.firstUseTrusts = true
    let long = #"{"name":"long","description":"\#(String(repeating: "x", count: 900_000))"}"#
    for (number, count) in [(1, 4), (2, 5), (3, 4)] {
      let tools = (0..<count).map { long.replacing("long", with: "long\($0)", maxReplacements: 1) }
      _ = scene.host(Lines.request(number, "tools/list"))
      #expect(
        scene.server(Lines.ownResult(number, tools)).toHost == [Lines.list(number, tools)])
      #expect((scene.session.lists[.tools].last == nil) == (count == 5))
    }
  }

  private static func tool(_ name: String, _ version: Int) -> String {
    #"{"name":"\#(name)","description":"Version \#(version).","inputSchema":{}}"#
  }

  private static func pages(_ chance: inout Chance) -> [[String]] {
    (0..<Int.random(in: 1...3, using: &chance)).map { _ in
      (0..<Int.random(in: 0...3, using: &chance)).map { _ in
        tool(
          ["a", "b", "c", "d"].randomElement(using: &chance) ?? "a",
          Int.random(in: 0..<3, using: &chance))
      }
    }
  }

  private static func index(of request: String) -> Int {
    guard let cursor = request.firstRange(of: #""cursor":""#) else { return 0 }
    return Int(request[cursor.upperBound...].prefix { $0.isNumber }) ?? 0
  }
}

private struct Chance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
