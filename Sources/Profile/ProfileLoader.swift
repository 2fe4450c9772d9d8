public import Kernel

/// Finds profiles and definitions, follows `extends`, and merges the layers of a launch. Files are
/// read through a closure: but for the list of public suffixes, nothing here touches the disk.
public struct ProfileLoader: Sendable {
  /// Reads a whole file. It checks owner and permissions of files chosen by name.
  public typealias Read = @Sendable (String, ProfileTrust) throws(SystemError) -> [UInt8]

  /// Larger files are refused: a profile is written by hand.
  public static let longestFile = 256 << 10

  let profileDirectories: [String]
  let serverDirectories: [String]
  let policy: String?
  let home: String
  let systemCalls: SystemCallNaming
  let read: Read

  /// - Parameters:
  ///   - profileDirectories: searched in order for `NAME.jsonc`, before the shipped profiles.
  ///   - serverDirectories: searched in order for `NAME.jsonc`.
  ///   - policy: the administrator's bounds, where there are any.
  ///   - home: the caller's home by the password database; empty where it has none.
  ///   - systemCalls: the names that `system.allow` and `system.deny` can have.
  ///   - read: throws `ENOENT` where there is no such file.
  public init(
    profileDirectories: [String], serverDirectories: [String], policy: String? = nil,
    home: String,
    systemCalls: SystemCallNaming = .unchecked, read: @escaping Read
  ) {
    self.profileDirectories = profileDirectories
    self.serverDirectories = serverDirectories
    self.policy = policy
    self.home = home
    self.systemCalls = systemCalls
    self.read = read
  }

  /// The definition of a server; nil where there is none.
  public func definition(named name: ServerName) throws(ProfileError) -> ServerDefinition? {
    for directory in serverDirectories {
      let path = "\(directory)/\(name).jsonc"
      guard let bytes = try contents(path, .named, at: nil) else { continue }
      let decoder = decoder(for: name, trust: .named)
      return try decoder.decodeDefinition(
        FileReader.root(of: SourceText(name: path, bytes: bytes)), name: name)
    }
    return nil
  }

  /// The definition of a server.
  ///
  /// - Throws: `noSuchServer`, exit code 66, where there is none.
  public func requiredDefinition(
    named name: ServerName
  ) throws(ProfileError) -> ServerDefinition {
    if let definition = try definition(named: name) { return definition }
    throw ProfileError(
      .noSuchServer, "no server is called \"\(name)\"",
      hint: serverDirectories.last.map {
        "define it in \($0)/\(name).jsonc, or run one with --name \(name) -- COMMAND"
      })
  }

  /// What a launch grants. The order of the layers: the definition's profiles (`default` where
  /// neither it nor an option names one), the definition, the options' profiles, the options.
  /// A profile reached twice counts once, at its first place.
  public func resolve(
    server: ServerName, definition: ServerDefinition? = nil,
    options: ProfileOptions = ProfileOptions()
  ) throws(ProfileError) -> ResolvedProfile {
    let last = try options.layer(PathExpansion(home: home, server: server.text))
    var walk = ExtensionWalk(loader: self, server: server)
    let named = definition?.profiles ?? []
    for profile in named { try walk.apply(profile) }
    if named.isEmpty && last.extends.isEmpty {
      try walk.apply(Sourced(.named("default"), .builtIn))
    }
    if let definition { try walk.merge.add(definition.layer) }
    for profile in last.extends { try walk.apply(profile) }
    try walk.merge.add(last)
    if let policy = try administratorsPolicy() { try walk.merge.bound(by: policy) }
    return try walk.merge.finish(server: server, profiles: walk.applied)
  }

  private func administratorsPolicy() throws(ProfileError) -> AdminPolicy? {
    guard let policy, let bytes = try contents(policy, .administrator, at: nil) else { return nil }
    return try AdminPolicy(FileReader.root(of: SourceText(name: policy, bytes: bytes)))
  }

  func decoder(for server: ServerName, trust: ProfileTrust) -> LayerDecoder {
    LayerDecoder(
      expansion: PathExpansion(home: home, server: server.text), trust: trust,
      systemCalls: systemCalls)
  }

  private static func trustHint(_ trust: ProfileTrust) -> String {
    switch trust {
    case .named, .path:
      "configuration belongs to you or to root, and nobody else can write it: chmod go-w"
    case .administrator:
      "it and its directory belong to root, and nobody else can write them: chown root, chmod go-w"
    }
  }

  /// A file's bytes; nil where there is none.
  func contents(
    _ path: String, _ trust: ProfileTrust, at origin: Origin?
  ) throws(ProfileError) -> [UInt8]? {
    do throws(SystemError) {
      return try read(path, trust)
    } catch {
      if error.errno == FileReader.noEntry { return nil }
      throw ProfileError(
        .unreadable, Printable.text("\(error)".unicodeScalars), at: origin,
        hint: error.errno == FileReader.notPermitted ? Self.trustHint(trust) : nil)
    }
  }
}
