public import Kernel

/// Why a server's approvals could not be read or written.
public enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name cannot be a server's.
  case invalidName(String)
  case system(SystemError)
  /// Another process has kept the lock for longer than any write takes.
  case busy(path: String)
  /// Somebody else could read or write the store.
  case exposed(path: String, problem: String)
  /// The file is not a record. It was kept under another name, and nothing counts as approved.
  case damaged(path: String, keptAs: String, reason: String)
  /// A later version wrote the file, which stays as it is.
  case tooNew(path: String, schema: Int64)

  public var description: String {
    switch self {
    case .invalidName(let name):
      "not a server's name: \(Rendering.line(name, limit: 100))"
    case .system(let error): error.description
    case .busy(let path): "\(path): another process holds it and does not let go"
    case .exposed(let path, let problem): "\(path): \(problem)"
    case .damaged(let path, let keptAs, let reason):
      "\(path): damaged (\(reason)); kept as \(keptAs)"
    case .tooNew(let path, let schema):
      "\(path): written by a later version (schema \(schema), this one knows "
        + "\(RecordFormat.schema))"
    }
  }

  /// What a person can do about it.
  public var hint: String? {
    switch self {
    case .invalidName:
      "letters, digits, '.', '_' and '-', 64 at most, beginning with a letter or digit"
    case .system: nil
    case .busy(let path):
      "it may have been stopped: see which with fuser \(path), then let it go on or end it"
    case .exposed(let path, _): "chown and chmod go-rwx \(path), and see who could change it"
    case .damaged(let path, _, _):
      "put a good copy back as \(path), or approve everything again"
    case .tooNew: "use the version that wrote it"
    }
  }
}

extension StoreError {
  /// Runs what only the kernel can refuse.
  static func wrapping<Value>(
    _ body: () throws(SystemError) -> Value
  ) throws(StoreError) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}

/// Why an update did not happen: the store, or the change itself, which then left no trace.
public enum UpdateError<Failure: Error>: Error {
  case store(StoreError)
  case change(Failure)
}

extension UpdateError: Sendable where Failure: Sendable {}
