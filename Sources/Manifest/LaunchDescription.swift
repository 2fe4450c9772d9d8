public import Digest
public import JSON

/// What is pinned of a launch, as the item that a person approves.
public struct LaunchDescription: Hashable, Sendable {
  public struct File: Hashable, Sendable {
    public var path: JSONString
    /// Nil for a file that is pinned by its path alone (a root-owned interpreter).
    public var digest: Digest?

    public init(path: JSONString, digest: Digest?) {
      self.path = path
      self.digest = digest
    }
  }

  /// What is executed, with every symbolic link resolved.
  public var executable: File
  /// Script and entry file.
  public var files: [File] = []
  public var arguments: [JSONString] = []
  /// Values that are written out. A secret or a variable that is passed on has no value here: its
  /// name is among the grants.
  public var environment: [JSONString: JSONString] = [:]
  /// What the sandbox lets in, by the name of the grant: `filesystem.readOnly`, `secrets`, ….
  public var grants: [JSONString: [JSONString]] = [:]
  /// Code that is fetched anew at each start, so that nothing pins it.
  public var unpinned: [JSONString] = []

  public init(executable: File) {
    self.executable = executable
  }

  /// - Throws: where a text is not UTF-8 or all of it too long.
  public func item() throws(ItemError) -> Item {
    var writer = JSONWriter()
    writer.object { launch in
      launch.member("executable") { $0.file(executable) }
      launch.member("files") { $0.array { list in for file in files { list.file(file) } } }
      launch.member("arguments") { $0.strings(arguments) }
      launch.member("environment") { member in
        member.object { values in
          for (name, value) in environment { values.member(name) { $0.string(value) } }
        }
      }
      launch.member("grants") { member in
        member.object { lists in
          for (name, values) in grants { lists.member(name) { $0.strings(values) } }
        }
      }
      launch.member("unpinned") { $0.strings(unpinned) }
    }
    return try Item.read(.launch, writer.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func strings(_ strings: [JSONString]) {
    array { list in for string in strings { list.string(string) } }
  }

  fileprivate mutating func file(_ file: LaunchDescription.File) {
    object { members in
      members.member("path") { $0.string(file.path) }
      if let digest = file.digest { members.member("sha256") { $0.string(digest.hex) } }
    }
  }
}
