/// Who gave a grant or a value.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  case file(Position)
  /// A command-line option, such as `--read-only`.
  case option(String)
  /// No layer gave it: the value that holds where nothing is said.
  case builtIn

  /// Whether Cordon itself gave it, built in or in a profile that comes with the binary, and
  /// nobody has asked for this very value.
  public var isCordons: Bool {
    switch self {
    // A file is named by its absolute path, so that none can be taken for a shipped one.
    case .file(let position): position.file.utf8.starts(with: "shipped:".utf8)
    case .option: false
    case .builtIn: true
    }
  }

  public var description: String {
    switch self {
    case .file(let position): "\(position.file):\(position.line)"
    case .option(let name): "option \(name)"
    case .builtIn: "built in"
    }
  }
}

/// A value and who gave it.
public struct Sourced<Value: Sendable>: Sendable {
  public let value: Value
  /// In the order of the layers; more than one where several gave the same grant. Never empty.
  public let origins: [Origin]

  public init(_ value: Value, _ origin: Origin) {
    self.value = value
    origins = [origin]
  }

  init(_ value: Value, origins first: [Origin], and later: [Origin]) {
    self.value = value
    origins = first + later.filter { !first.contains($0) }
  }

  /// The layer that decides: the last that gave it.
  public var origin: Origin { origins.last ?? .builtIn }
}

extension Sourced: Equatable where Value: Equatable {}
extension Sourced: Hashable where Value: Hashable {}
