import Audit
import Glibc
import JSON
import Kernel
import Testing

@Suite struct AuditReaderTests: ~Copyable {
  private let directory: String

  init() throws {
    directory = "/tmp/cordon-audit-read-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try Files.makeDirectories(directory, mode: 0o700)
  }

  deinit {
    for name in (try? Files.list(directory)) ?? [] { try? Files.remove("\(directory)/\(name)") }
    try? Files.remove(directory)
  }

  private func write(_ text: String) throws {
    try Files.replace("\(directory)/notes.jsonl", with: Array(text.utf8), mode: 0o600)
  }

  /// Each event's kind, `!` for a damaged line.
  private func kinds() throws -> [String] {
    var reader = try AuditReader(directory: directory, server: "notes")
    var kinds: [String] = []
    while let entry = try reader.next() {
      switch entry {
      case .event(let record): kinds.append(record.kind.string)
      case .damaged: kinds.append("!")
      }
    }
    return kinds
  }

  @Test func whatWasWrittenIsReadAgain() throws {
    var log = try AuditLog(directory: directory, server: "notes", session: "7") { $0 }
    let text = String(repeating: "x", count: 3000)
    for number in 0..<100 {
      try log.append(
        AuditEvent("call", [("number", .integer(Int64(number))), ("text", .string(text))]))
    }
    var reader = try AuditReader(directory: directory, server: "notes")
    var numbers: [Int64] = []
    while case .event(let record) = try reader.next() {
      #expect(record.session == "7" && record.kind == "call" && record.time.utf8.count == 24)
      #expect(record.fields.map(\.key) == ["number", "text"])
      numbers.append(try #require(record["number"]?.int64))
    }
    #expect(numbers == (0..<100).map { $0 })
  }

  @Test func aDamagedLineHidesNoOther() throws {
    func line(_ kind: String) -> String {
      "{\"time\":\"t\",\"server\":\"notes\",\"session\":\"\",\"event\":\"\(kind)\"}"
    }
    let long = String(repeating: "y", count: AuditReader.longestLine + (1 << 17))
    try write(
      [
        line("a"), "", "{\"time\":\"t\"", line("b"), "[]", "{\"time\":1}",
        line("c").replacing("\"t\"", with: "\"t\",\"time\":\"u\""), long, line("d"), "{\"ti",
      ].joined(separator: "\n"))
    #expect(try kinds() == ["a", "!", "b", "!", "!", "!", "!", "d", "!"])
    try write(line("a"))
    #expect(try kinds() == ["!"])
    try write(long)
    #expect(try kinds() == ["!"])
    try write("")
    #expect(try kinds() == [])
  }

  @Test func aLogThatOthersCouldWriteIsNotRead() throws {
    let path = "\(directory)/notes.jsonl"
    #expect(throws: AuditError.self) { _ = try kinds() }
    try write("")
    unsafe chmod(path, 0o620)
    let error = #expect(throws: AuditError.self) { _ = try kinds() }
    #expect(error == .exposed(path, "others can reach it (mode 620)"))
    try Files.remove(path)
    unsafe mkfifo(path, 0o600)
    #expect(throws: AuditError.exposed(path, "not a regular file")) { _ = try kinds() }
  }
}
