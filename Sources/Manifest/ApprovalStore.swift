import Glibc
public import Kernel

/// The approvals of one server: `NAME.json` in a directory that only its owner can see.
///
/// Readers need no lock: the file is replaced whole. Writers hold `NAME.lock` while they read,
/// change and replace. One value and its copies are for one thread.
public struct ApprovalStore {
  public let name: String
  public let directory: String
  /// Nanoseconds that a writer waits for another one, which may have been stopped.
  public var patience: UInt64 = 10_000_000_000
  private let kept = KeptRecord()
  /// Puts bytes in a file's place.
  var replace: @Sendable (String, [UInt8]) throws(SystemError) -> Files.Durability = {
    (path, bytes) throws(SystemError) in try Files.replace(path, with: bytes, mode: 0o600)
  }

  /// Touches nothing yet.
  public init(directory: String, name: String) throws(StoreError) {
    guard ApprovalStore.isValid(name: name) else { throw .invalidName(name) }
    self.name = name
    self.directory = directory
  }

  public var path: String { "\(directory)/\(name).json" }

  /// `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, by bytes.
  public static func isValid(name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...64).contains(bytes.count) else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): index > 0
      default: false
      }
    }
  }

  /// The servers that have a record, by name. A missing directory has none.
  public static func names(in directory: String) throws(StoreError) -> [String] {
    let names: [String]
    do {
      names = try Files.list(directory)
    } catch {
      if error.errno.code == ENOENT { return [] }
      throw .system(error)
    }
    return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
      .filter(isValid(name:))
  }

  /// The record as it is now; an empty one where there is no file.
  ///
  /// - Throws: `StoreError`. A damaged file is put aside first, and from then on nothing is
  ///   taken for a first use, until the server is forgotten or the file put back.
  public func load() throws(StoreError) -> ServerRecord {
    guard try directoryExists() else { return ServerRecord() }
    if case .success(let record) = try read() { return record }
    // Read again under the lock: only one process puts a damaged file aside.
    return try locked { () throws(StoreError) in try loadLocked() }
  }

  /// Reads, changes and writes back under the lock. Nothing is written where nothing changed or
  /// the change throws. The lock is held meanwhile: the change must not ask anybody anything.
  ///
  /// - Parameter tell: called where the change was written and counts, but a crash of the machine
  ///   may undo it.
  public func update<Value, Failure: Error>(
    _ change: (inout ServerRecord) throws(Failure) -> Value,
    ifNotDurable tell: (SystemError) -> Void = { _ in }
  ) throws(UpdateError<Failure>) -> Value {
    var durability = Files.Durability.durable
    let outcome: Result<Value, Failure>
    do throws(StoreError) {
      try makeDirectory()
      outcome = try locked { () throws(StoreError) in
        try changeLocked(change, &durability)
      }
    } catch {
      throw .store(error)
    }
    if case .unknown(let error) = durability { tell(error) }
    switch outcome {
    case .success(let value): return value
    case .failure(let error): throw .change(error)
    }
  }

  private func changeLocked<Value, Failure: Error>(
    _ change: (inout ServerRecord) throws(Failure) -> Value, _ durability: inout Files.Durability
  ) throws(StoreError) -> Result<Value, Failure> {
    let before = try loadLocked()
    var record = before
    let value: Value
    do throws(Failure) {
      value = try change(&record)
    } catch {
      return .failure(error)
    }
    if record != before { durability = try save(record) }
    return .success(value)
  }

  private func save(_ record: ServerRecord) throws(StoreError) -> Files.Durability {
    kept.forget()
    let bytes = RecordFormat.write(record, server: name)
    let durability = try put(bytes)
    // What was put there is what is there, unless somebody does without the lock.
    do throws(StoreError) {
      if let there = try contents(), there.bytes == bytes {
        kept.keep(record, of: there)
      }
    } catch {
      // It is in its place all the same: the next one to read it is told why that cannot be done.
    }
    return durability
  }

  private func loadLocked() throws(StoreError) -> ServerRecord {
    switch try read() {
    case .success(let record): return record
    case .failure(.tooNew(let schema)): throw .tooNew(path: path, schema: schema)
    case .failure(.damaged(let reason)):
      throw .damaged(path: path, keptAs: try putAside(), reason: reason)
    }
  }

  private func read() throws(StoreError) -> Result<ServerRecord, RecordError> {
    do throws(SystemError) {
      if let record = try kept.record(at: path) { return .success(record) }
    } catch {
      // Reading it tells what is wrong.
      kept.forget()
    }
    guard let there = try contents() else {
      var record = ServerRecord()
      record.isAfterDamage = try hasDamagedFile()
      return .success(record)
    }
    do throws(RecordError) {
      let record = try RecordFormat.read(there.bytes, server: name)
      kept.keep(record, of: there)
      return .success(record)
    } catch {
      return .failure(error)
    }
  }
}
