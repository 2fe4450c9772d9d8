import Digest
public import JSON

/// What a profile says of a server's first listing.
public enum FirstUse: String, CaseIterable, Sendable {
  /// Everything waits until a person has approved it.
  case ask
  /// The first complete listing of each kind is approved as it is.
  case trust
}

/// What one complete listing of a kind showed, against what was known.
public struct Observation: Equatable, Sendable {
  public let kind: ItemKind
  /// Now waiting; nothing is approved under the name.
  public internal(set) var new: [Pin] = []
  /// Now waiting; another content is approved under the name.
  public internal(set) var changed: [Pin] = []
  /// Approved by being the first listing.
  public internal(set) var trusted: [Pin] = []
  /// Changed, and approved by the policy for each class of change.
  public internal(set) var passed: [Pin] = []
  /// Offered again although rejected: stays away.
  public internal(set) var rejected: [Pin] = []
  /// Approved, and no longer listed.
  public internal(set) var removed: [Pin] = []
  /// Names that were listed twice or more; none of theirs is served.
  public internal(set) var ambiguous: [JSONString] = []
  /// For what is reported only: with another content than the last time.
  public internal(set) var reported: [Pin] = []

  /// Whether there is nothing to tell.
  public var isQuiet: Bool { self == Observation(kind: kind) }

  init(kind: ItemKind) {
    self.kind = kind
  }
}

/// Why a listing was not taken. Nothing of it was kept, and nothing new of it is served.
public enum ObservationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An item with this content was announced, but the content neither sent nor known.
  case missingBody(Pin)
  case wrongKind(ItemKind)
  /// A name is too long or not UTF-8.
  case unusableName(ItemKind)
  case tooManyItems(Int)
  case tooLarge(Int)

  public var description: String {
    switch self {
    case .missingBody(let pin):
      "\(Rendering.name(pin.key)) was announced without its content (\(pin.digest))"
    case .wrongKind(let kind): "\(kind.withArticle) does not belong here"
    case .unusableName(let kind): "the name of \(kind.withArticle) is too long or not UTF-8"
    case .tooManyItems(let count):
      "the server's items would be \(count), over the limit of \(ServerRecord.itemLimit)"
    case .tooLarge(let size):
      "the server's items would take \(size) bytes, over the limit of \(ServerRecord.sizeLimit)"
    }
  }
}

extension ObservationError {
  /// The same error about items of other names: those in which secrets are covered.
  public func renamed(_ name: (ItemKey) -> ItemKey) -> ObservationError {
    switch self {
    case .missingBody(let pin): .missingBody(Pin(name(pin.key), pin.digest))
    case .wrongKind, .unusableName, .tooManyItems, .tooLarge: self
    }
  }
}
