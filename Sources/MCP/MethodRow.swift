/// A method or notification as one side sends it in some versions.
///
/// A method has a row for each sender, and two where it is the protocol's in one version and an
/// extension's in another.
public struct MethodRow: Hashable, Sendable {
  public enum Kind: Sendable {
    case request, notification
  }

  /// The document that defines it.
  public enum Source: Sendable {
    case schema
    case tasksExtension
  }

  public let method: Method
  public let kind: Kind
  public let sender: Party
  /// In which versions it is sent as a message.
  public let versions: VersionSet
  /// In which versions it is no message but a value: `inputRequests` of an `input_required` result
  /// carry it, and a retry brings its answer.
  public let carried: VersionSet
  public let feature: Feature
  /// Of a request: what its result can be besides complete.
  public let results: ResultForms
  public let source: Source

  static func request(
    _ method: Method, from sender: Party, in versions: VersionSet, carried: VersionSet = [],
    _ feature: Feature = .base, results: ResultForms = [], source: Source = .schema
  ) -> MethodRow {
    MethodRow(
      method: method, kind: .request, sender: sender, versions: versions, carried: carried,
      feature: feature, results: results, source: source)
  }

  static func notification(
    _ method: Method, from sender: Party, in versions: VersionSet, _ feature: Feature = .base,
    source: Source = .schema
  ) -> MethodRow {
    MethodRow(
      method: method, kind: .notification, sender: sender, versions: versions, carried: [],
      feature: feature, results: [], source: source)
  }
}

/// What the result of a request can be besides the complete one that every version knows.
public struct ResultForms: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// In the modern era the result says how long it may be kept.
  public static let cacheable = ResultForms(rawValue: 1 << 0)
  /// In the modern era the result can ask for something first: the request comes again under a new
  /// id, with `inputResponses` and the `requestState` that the result gave.
  public static let inputRequired = ResultForms(rawValue: 1 << 1)
  /// The result can be a task that goes on: in 2025-11-25 where the request has `params.task`, in the
  /// modern era where the client declared the extension.
  public static let task = ResultForms(rawValue: 1 << 2)
}
