import Digest
import JSON
import Manifest
import Testing

@testable import Supervisor

/// What a relay that someone took over can do with questions: nothing twice, nothing late, and
/// nothing without end.
@Suite struct QuestionBookTests {
  private static func pin(_ number: Int) throws -> Pin {
    let name = "t\(number)"
    return Pin(
      ItemKey(.tool, JSONString(name)),
      try Item(kind: .tool, name: JSONString(name), canonical: Array(#"{"name":"\#(name)"}"#.utf8))
        .digest)
  }

  @Test func anAnswerIsAboutWhatWasAsked() throws {
    var book = QuestionBook()
    #expect(book.open(1, try Self.pin(1), until: 10, at: 0))
    #expect(book.open(2, try Self.pin(2), until: 10, at: 0))
    #expect(book.close(2, at: 1) == (try Self.pin(2)))
    #expect(book.close(1, at: 1) == (try Self.pin(1)))
  }

  @Test func itCountsOnce() throws {
    var book = QuestionBook()
    #expect(book.open(1, try Self.pin(1), until: 10, at: 0))
    #expect(book.close(1, at: 1) != nil)
    #expect(book.close(1, at: 1) == nil)
    #expect(!book.open(2, try Self.pin(1), until: 10, at: 1), "the same content again")
  }

  @Test func aNumberIsUsedOnce() throws {
    var book = QuestionBook()
    #expect(book.open(5, try Self.pin(1), until: 10, at: 0))
    #expect(!book.open(5, try Self.pin(2), until: 10, at: 0))
    #expect(!book.open(4, try Self.pin(3), until: 10, at: 0))
    #expect(book.close(5, at: 1) == (try Self.pin(1)))
  }

  @Test func whatWasNotAskedHasNoAnswer() {
    var book = QuestionBook()
    #expect(book.close(0, at: 0) == nil)
    #expect(book.close(.max, at: 0) == nil)
  }

  @Test func aLateAnswerIsNone() throws {
    var book = QuestionBook()
    #expect(book.open(1, try Self.pin(1), until: 10, at: 0))
    #expect(book.close(1, at: 10) == nil)
  }

  @Test func thereAreNotManyAtOnceNorInASession() throws {
    var book = QuestionBook()
    var number: UInt64 = 0
    func ask(_ at: UInt64) throws -> Bool {
      number += 1
      return book.open(number, try Self.pin(Int(number)), until: at + 10, at: at)
    }
    for _ in 0..<QuestionBook.mostOpen { #expect(try ask(0)) }
    #expect(try !ask(0))
    // Those are over.
    for round in 1... {
      guard try ask(UInt64(round) * 10) else {
        #expect(round > QuestionBook.most - QuestionBook.mostOpen - 2)
        break
      }
    }
  }
}
