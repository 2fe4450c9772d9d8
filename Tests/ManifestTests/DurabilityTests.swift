import Glibc
import JSON
import Kernel
import Testing

@testable import Manifest

@Suite struct DurabilityTests {
  private let scratch: Scratch
  private var store: ApprovalStore
  private let failure = SystemError(step: "fsync", subject: "approvals", errno: Errno(EIO))

  init() throws {
    scratch = try Scratch()
    store = try ApprovalStore(directory: "\(scratch.path)/approvals", name: "notes")
  }

  @Test mutating func whatIsInItsPlaceIsDecidedThoughADiskFails() throws {
    let failure = failure
    store.replace = { (path, bytes) throws(SystemError) in
      try Files.replace(path, with: bytes, mode: 0o600)
      return .unknown(failure)
    }
    let record = try Samples.approved([Samples.tool("a")])
    var told: [SystemError] = []
    let value = try store.update {
      $0 = record
      return 1
    } ifNotDurable: {
      told.append($0)
    }
    #expect(value == 1)
    #expect(told == [failure])
    #expect(try store.load() == record)
  }

  @Test mutating func whatIsNotInItsPlaceIsNotDecided() throws {
    let failure = failure
    store.replace = { (_, _) throws(SystemError) in throw failure }
    let record = try Samples.approved([Samples.tool("a")])
    let full = store
    #expect(throws: UpdateError<Never>.self) { () throws -> Void in
      try full.update {
        $0 = record
      } ifNotDurable: { _ in
        Issue.record("nothing was stored")
      }
    }
    #expect(try store.load() == ServerRecord())
  }

  @Test func nothingIsToldOfWhatIsDurable() throws {
    let record = try Samples.approved([Samples.tool("a")])
    try store.update {
      $0 = record
    } ifNotDurable: {
      Issue.record($0)
    }
  }
}
