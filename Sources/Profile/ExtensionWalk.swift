/// Follows `extends` depth first, so that what a profile extends is applied before it.
struct ExtensionWalk {
  let loader: ProfileLoader
  let server: ServerName
  var merge = Merge()
  /// Names or paths, in the order of application.
  private(set) var applied: [String] = []
  private var finished: Set<[UInt8]> = []
  private var open: [(file: [UInt8], name: String)] = []

  init(loader: ProfileLoader, server: ServerName) {
    self.loader = loader
    self.server = server
  }

  mutating func apply(_ reference: Sourced<ProfileReference>) throws(ProfileError) {
    let found = try find(reference)
    let file = Array(found.source.name.utf8)
    if finished.contains(file) { return }
    if let first = open.firstIndex(where: { $0.file == file }) {
      let circle = open[first...].map(\.name) + [found.name]
      throw ProfileError(
        .cycle, "a profile extends itself: " + circle.joined(separator: " → "),
        at: reference.origin)
    }
    open.append((file, found.name))
    let layer = try loader.decoder(for: server, trust: found.trust)
      .decode(FileReader.root(of: found.source), in: .profile)
    for base in layer.extends { try apply(base) }
    open.removeLast()
    finished.insert(file)
    applied.append(found.name)
    try merge.add(layer)
  }

  private func find(
    _ reference: Sourced<ProfileReference>
  ) throws(ProfileError) -> (source: SourceText, name: String, trust: ProfileTrust) {
    switch reference.value {
    case .path(let path):
      if let bytes = try loader.contents(path, .path, at: reference.origin) {
        return (SourceText(name: path, bytes: bytes), path, .path)
      }
      throw ProfileError(
        .noSuchProfile, "there is no profile \(Printable.text(path.unicodeScalars))",
        at: reference.origin)
    case .named(let name):
      for directory in loader.profileDirectories {
        let path = "\(directory)/\(name).jsonc"
        if let bytes = try loader.contents(path, .named, at: reference.origin) {
          return (SourceText(name: path, bytes: bytes), name, .named)
        }
      }
      if let shipped = ShippedProfiles.all.first(where: { $0.name == name }) {
        let bytes = Array(shipped.text.utf8)
        return (SourceText(name: "shipped:\(name).jsonc", bytes: bytes), name, .named)
      }
      throw ProfileError(
        .noSuchProfile, "no profile is called \"\(name)\"", at: reference.origin,
        hint: Suggestion.hint(for: name, in: ShippedProfiles.all.map(\.name)))
    }
  }
}
