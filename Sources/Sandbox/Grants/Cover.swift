/// A mount on a path of a grant that is in place already.
///
/// A mount point can be neither removed nor renamed by those who see it.
public struct Cover: Equatable, Sendable {
  public enum Kind: UInt64, Sendable {
    /// What is there, and nobody inside can change it.
    case readOnly = 1
    /// What is there, with the same rights, but it stays where it is: renaming a directory would
    /// take what is protected below it along, and leave its old path free.
    case pinned = 2
    /// An empty directory or file in front of what is there.
    case hidden = 3
  }

  /// As the server sees it.
  public let path: String
  public let kind: Kind

  public init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }
}

/// An empty directory of Cordon's, in the place of a name that must not be made while the server
/// runs. It is on the machine's disk until the session ends.
public struct Placeholder: Equatable, Sendable {
  /// Free of symbolic links.
  public let directory: String
  public let name: String
  /// Whose files the directory holds.
  public let owner: Owner

  public init(directory: String, name: String, owner: Owner) {
    self.directory = directory
    self.name = name
    self.owner = owner
  }

  public var path: String { Path.join(directory, name) }
}
