import Audit
import Glibc
import Sandbox
import Testing

@testable import Supervisor

/// What is told and written down of a witness's reports is bounded and safe to show.
@Suite struct RefusalBookTests {
  private final class Heard {
    var lines: [String] = []
    var hints: [String] = []
    var events: [AuditEvent] = []
  }

  private func book(_ heard: Heard) -> RefusalBook {
    RefusalBook(
      view: PathVerdictTests.view, look: PathVerdictTests.look,
      tell: { notice in
        switch notice {
        case .refusal(let text, let hint), .warning(let text, let hint):
          heard.lines.append(text)
          if let hint { heard.hints.append(hint) }
        case .error(let text, _), .progress(let text), .slow(let text, _), .network(let text, _):
          heard.lines.append(text)
        case .refused: break
        }
      }, record: { heard.events.append($0) })
  }

  @Test func eachKindIsToldAndWrittenDown() {
    let heard = Heard()
    let book = book(heard)
    book.take(.call(.init(number: 9999, errno: EPERM, arguments: [])))
    book.take(.path(.init(act: .read, errno: ENOENT, path: Array("/etc/shadow".utf8))))
    book.take(.path(.init(act: .read, errno: ENOENT, path: Array("/proc/meminfo".utf8))))
    book.take(.path(.init(act: .read, errno: ENOENT, path: Array("/nowhere".utf8))))
    book.take(.path(.init(act: .read, errno: ENOENT, path: [0x2F, 0xFF])))
    book.take(.destination(.init(address: [192, 0, 2, 1], port: 443)))
    book.take(.destination(.init(address: [127, 0, 0, 1], port: 8080)))
    book.take(.destination(.init(address: [127, 0, 0, 1], port: 53)))
    book.take(.destination(.init(address: [127, 0, 0, 53], port: 53)))
    var totals = WitnessReport.Totals()
    totals.calls = 7
    book.take(.totals(totals))
    book.close()
    #expect(
      heard.lines == [
        "refused: system call 9999 (EPERM)",
        "not granted: /etc/shadow, which exists here (it wanted to read it)",
        "no network: 192.0.2.1 port 443",
        "no network: the server asked for a host's name",
        "in all: 7 calls refused",
        "1 paths that it looked for are neither inside nor here, or every program's",
        "1 paths that it looked for are behind links or on file systems that were not looked at",
        "of the machine, which no server is shown: /proc/meminfo",
      ])
    #expect(
      heard.events.map(\.kind) == [
        "refused-call", "refused-path", "refused-destination", "refused-destination", "refusals",
      ])
  }

  @Test func aServerThatIsRefusedWithoutEndFillsNothing() {
    let heard = Heard()
    let book = book(heard)
    for number in Int32(0)..<5000 {
      book.take(.call(.init(number: 1000 + number, errno: EPERM, arguments: [])))
      book.take(
        .path(.init(act: .make, errno: EROFS, path: Array("/usr/\(number)".utf8))))
      book.take(
        .path(.init(act: .read, errno: ENOENT, path: Array("/sys/\(number)".utf8))))
    }
    book.close()
    book.close()
    #expect(heard.lines.count < RefusalBook.most + 5)
    #expect(heard.events.count == RefusalBook.most + 1)
    #expect(heard.lines.allSatisfy { $0.utf8.count < 1024 })
    #expect(heard.lines.contains { $0.contains("9904 more than are named here") })
  }

  /// A server's path is its own words, and may be as long and as deceiving as a path can be.
  @Test func aDeceivingPathIsShownAsWhatItIs() throws {
    let heard = Heard()
    let book = book(heard)
    let path = "/usr/\u{1B}[2J\r\nhint: rm -rf ~\u{202E}" + String(repeating: "x", count: 4000)
    book.take(.path(.init(act: .make, errno: EROFS, path: Array(path.utf8))))
    let line = try #require(heard.lines.first)
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    #expect(line.count < 500)
  }

  @Test func aWitnessThatFailsIsTold() {
    let heard = Heard()
    let book = book(heard)
    book.take(.failed(step: "seccomp", subject: "listener", errno: EBUSY))
    book.miss()
    #expect(heard.lines.count == 1)
    #expect(heard.lines.first?.hasPrefix("the witness failed: seccomp") == true)
  }

  @Test(
    arguments: [
      ([10, 0, 0, 1], "10.0.0.1", false), ([127, 1, 2, 3], "127.1.2.3", true),
      ([0, 0, 0, 0], "0.0.0.0", true),
      ([UInt8](repeating: 0, count: 15) + [1], "::1", true),
      ([UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127, 0, 0, 1], "127.0.0.1", true),
      ([0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [5], "2001:db8::5", false),
    ] as [([UInt8], String, Bool)])
  func addressesAreWritten(_ bytes: [UInt8], _ text: String, _ isLoopback: Bool) {
    let address = InternetAddress(bytes)
    #expect(address.text == text)
    #expect(address.isLoopback == isLoopback)
  }
}
