/// Adds layer to layer: grants and denials add up, single values are replaced by the later layer.
struct Merge {
  private(set) var sum = ProfileLayer()

  mutating func add(_ layer: ProfileLayer) throws(ProfileError) {
    sum.unenforced += layer.unenforced
    sum.readOnly.add(layer.readOnly)
    sum.readWrite.add(layer.readWrite)
    sum.sockets.add(layer.sockets)
    Self.add(layer.networkAllow, to: &sum.networkAllow) { $0.isSamePlace(as: $1) }
    Self.add(layer.networkDeny, to: &sum.networkDeny) { $0.isSamePlace(as: $1) }
    Self.add(layer.systemAllow, to: &sum.systemAllow) { $0.hasSameBytes(as: $1) }
    Self.add(layer.systemDeny, to: &sum.systemDeny) { $0.hasSameBytes(as: $1) }
    Self.add(layer.accept, to: &sum.accept) { $0.name.hasSameBytes(as: $1.name) }
    Self.add(layer.extensions, to: &sum.extensions) { $0.hasSameBytes(as: $1) }
    try addVariables(of: layer)
    sum.packages = layer.packages ?? sum.packages
    sum.identity = layer.identity ?? sum.identity
    sum.home = layer.home ?? sum.home
    sum.temporary = layer.temporary ?? sum.temporary
    sum.systemCalls = layer.systemCalls ?? sum.systemCalls
    replaceLimits(with: layer)
    sum.capabilities.merge(layer.capabilities) { _, later in later }
    sum.manifest.replace(with: layer.manifest)
    sum.launch = layer.launch ?? sum.launch
    sum.elicitation = layer.elicitation ?? sum.elicitation
    sum.approvalProgram = layer.approvalProgram ?? sum.approvalProgram
    sum.auditArguments = layer.auditArguments ?? sum.auditArguments
    sum.workingDirectory = layer.workingDirectory ?? sum.workingDirectory
  }

  /// The last word, after all layers.
  mutating func bound(by policy: AdminPolicy) throws(ProfileError) {
    try policy.bound(&sum)
  }

  private mutating func replaceLimits(with layer: ProfileLayer) {
    sum.memory = layer.memory ?? sum.memory
    sum.swap = layer.swap ?? sum.swap
    sum.processes = layer.processes ?? sum.processes
    sum.cpus = layer.cpus ?? sum.cpus
    sum.openFiles = layer.openFiles ?? sum.openFiles
    sum.fileSize = layer.fileSize ?? sum.fileSize
    sum.addressSpace = layer.addressSpace ?? sum.addressSpace
    sum.messageSize = layer.messageSize ?? sum.messageSize
    sum.flow.replace(with: layer.flow)
  }

  private mutating func addVariables(of layer: ProfileLayer) throws(ProfileError) {
    for variable in layer.variables {
      try refuse(
        variable.value.name, variable.origin, sum.secrets.map { ($0.value.name, $0.origin) })
      Self.replace(variable, in: &sum.variables) { $0.name == $1.name }
    }
    for secret in layer.secrets {
      try refuse(
        secret.value.name, secret.origin, sum.variables.map { ($0.value.name, $0.origin) })
      Self.replace(secret, in: &sum.secrets) { $0.name == $1.name }
    }
  }

  /// The same grant from several layers is one grant with several origins.
  private static func add<Value>(
    _ new: [Sourced<Value>], to all: inout [Sourced<Value>], same: (Value, Value) -> Bool
  ) {
    for grant in new {
      if let index = all.firstIndex(where: { same($0.value, grant.value) }) {
        all[index] = Sourced(grant.value, origins: all[index].origins, and: grant.origins)
      } else {
        all.append(grant)
      }
    }
  }

  /// A variable given again with the same value has two origins; with another, the later one.
  private static func replace<Value: Equatable>(
    _ new: Sourced<Value>, in all: inout [Sourced<Value>], sameName: (Value, Value) -> Bool
  ) {
    guard let index = all.firstIndex(where: { sameName($0.value, new.value) }) else {
      all.append(new)
      return
    }
    all[index] =
      all[index].value == new.value
      ? Sourced(new.value, origins: all[index].origins, and: new.origins) : new
  }

  /// A name is either a secret's, with its redaction, or a plain variable's, in all layers.
  private func refuse(
    _ name: String, _ origin: Origin, _ others: [(name: String, origin: Origin)]
  ) throws(ProfileError) {
    guard let other = others.first(where: { $0.name == name }) else { return }
    throw ProfileError(
      .conflict, "\(name) is a secret and also a plain variable", at: origin,
      hint: "the other is given by \(other.origin)")
  }
}
