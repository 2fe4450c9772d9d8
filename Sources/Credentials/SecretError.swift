public import Kernel

/// Why a secret cannot be had. No case holds a value.
public enum SecretError: Error, Equatable, Sendable, CustomStringConvertible {
  case invalidName(String)
  /// Neither `env:VARIABLE` nor `file:PATH`; only the part before the colon is kept, because
  /// somebody may have written the value itself.
  case unknownSource(String)
  case invalidVariable
  case relativePath(String)
  case unset(variable: String)
  case empty(String)
  case tooShort(String)
  case tooLong(String)
  case containsNUL(String)
  case notRegular(path: String)
  case exposed(path: String, problem: String)
  case system(SystemError)

  public var description: String {
    switch self {
    case .invalidName(let name): "secret '\(name)': not the name of a variable"
    case .unknownSource(let scheme):
      scheme.isEmpty
        ? "a secret's source is neither env:VARIABLE nor file:PATH"
        : "unknown kind of secret source '\(scheme):'"
    case .invalidVariable: "env: is not followed by the name of a variable"
    case .relativePath(let path): "file:\(path): not an absolute path"
    case .unset(let variable): "env:\(variable): the variable is not set"
    case .empty(let name): "secret \(name): the value is empty"
    case .tooShort(let name):
      "secret \(name): the value has fewer than \(Secret.minimumLength) bytes, "
        + "too few to be told from other text and kept out of logs"
    case .tooLong(let name):
      "secret \(name): the value has more than \(Secret.maximumLength) bytes"
    case .containsNUL(let name): "secret \(name): the value has a NUL byte"
    case .notRegular(let path): "file:\(path): not a regular file"
    case .exposed(let path, let problem): "file:\(path): \(problem)"
    case .system(let error): error.description
    }
  }

  /// What a person can do about it.
  public var hint: String? {
    switch self {
    case .unknownSource, .invalidVariable: "write env:VARIABLE or file:/absolute/path"
    case .exposed(let path, _): "chmod 600 \(path)"
    case .tooShort: "pass a value that is not secret with --env NAME=VALUE"
    default: nil
    }
  }

  static func wrapping<Value: ~Copyable>(
    _ body: () throws(SystemError) -> Value
  ) throws(SecretError) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}
