import JSON

/// Reads a file's fields into a layer. `FieldCheck` has seen the keys and words before.
struct LayerDecoder {
  let expansion: PathExpansion
  let trust: ProfileTrust
  let systemCalls: SystemCallNaming

  func decode(_ root: Cursor, in place: Field.Place) throws(ProfileError) -> ProfileLayer {
    var check = FieldCheck(place: place, trust: trust)
    try check.check(root)
    var layer = ProfileLayer()
    layer.unenforced = check.unenforced
    let blocked = Set(check.unenforced.map(\.origin))
    _ = try root.child("description")?.text()
    if let extends = root.child("extends") { layer.extends = try references(extends) }
    layer.packages = try root.child("packages")?.choice()
    layer.identity = try root.child("identity")?.choice()
    try decodeFilesystem(root.child("filesystem"), into: &layer)
    try decodeNetwork(root.child("network"), into: &layer)
    try decodeEnvironment(root.child("environment"), into: &layer)
    try decodeSecrets(root.child("secrets"), into: &layer)
    try decodeSystem(root.child("system"), into: &layer)
    try decodeLimits(root.child("limits"), into: &layer)
    try decodeFlow(root, into: &layer)
    try decodeProtocol(root.child("protocol"), into: &layer)
    try decodeApproval(root, into: &layer)
    layer.auditArguments = try enforced(root.child("audit")?.child("arguments"), blocked)?.choice()
    layer.workingDirectory = try root.child("workingDirectory")?.value(grantPath)
    layer.accept = try root.child("accept")?.values(Weakness.named) ?? []
    return layer
  }

  /// A string or a list of strings.
  func references(_ cursor: Cursor) throws(ProfileError) -> [Sourced<ProfileReference>] {
    let read = { (text: String) throws(ValueFault) in
      try ProfileReference.parse(text, expansion: expansion)
    }
    if cursor.node.string != nil { return [try cursor.value(read)] }
    guard cursor.node.array != nil else { throw cursor.wrongType("a list of profiles") }
    return try cursor.values(read)
  }

  private func decodeSystem(
    _ cursor: Cursor?, into layer: inout ProfileLayer
  ) throws(ProfileError) {
    guard let cursor else { return }
    layer.systemCalls = try cursor.child("syscalls")?.choice()
    layer.systemAllow = try cursor.child("allow")?.values(systemCalls.name) ?? []
    layer.systemDeny = try cursor.child("deny")?.values(systemCalls.name) ?? []
  }

  private func decodeLimits(
    _ cursor: Cursor?, into layer: inout ProfileLayer
  ) throws(ProfileError) {
    guard let cursor else { return }
    layer.memory = try cursor.child("memory")?.size(LimitValue.memory)
    layer.swap = try cursor.child("swap")?.size(LimitValue.swap)
    layer.processes = try cursor.child("processes")?.limit(LimitValue.processes)
    layer.cpus = try cursor.child("cpus")?.share(ProcessorShare.range)
    layer.openFiles = try cursor.child("openFiles")?.limit(LimitValue.openFiles)
    layer.fileSize = try cursor.child("fileSize")?.size(LimitValue.fileSize)
    layer.addressSpace = try cursor.child("addressSpace")?.size(LimitValue.addressSpace)
    layer.messageSize = try cursor.child("messageSize")?.size(LimitValue.messageSize)
  }

  private func decodeProtocol(
    _ cursor: Cursor?, into layer: inout ProfileLayer
  ) throws(ProfileError) {
    guard let cursor else { return }
    for capability in Capability.allCases {
      layer.capabilities[capability] =
        try cursor.child(JSONString(capability.rawValue))?.choice()
    }
    layer.extensions = try cursor.child("extensions")?.values(ExtensionName.parse) ?? []
  }

  /// Nil for a value that was noted as not enforced: the launch stops before it is missed.
  private func enforced(_ cursor: Cursor?, _ blocked: Set<Origin>) -> Cursor? {
    cursor.flatMap { blocked.contains($0.origin) ? nil : $0 }
  }
}
