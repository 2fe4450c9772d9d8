/// One line of what a profile grants or decides, and who said so.
public struct Explanation: Sendable, Equatable {
  /// The field's path, such as `filesystem.readOnly`.
  public let field: String
  /// As a profile would write it; the source of a secret, never its value.
  public let value: String
  public let origins: [Origin]
  /// What it opens beyond what it says, a sentence each.
  public let remarks: [String]

  init<Value>(
    _ field: String, _ value: String, _ sourced: Sourced<Value>, remarks: [String] = []
  ) {
    self.field = field
    self.value = value
    origins = sourced.origins
    self.remarks = remarks
  }
}

extension ResolvedProfile {
  /// Every grant and single value, in a fixed order.
  public var explanations: [Explanation] {
    var lines = [
      Explanation(
        "packages", packages.value.rawValue, packages,
        remarks: packages.value == .fetch
          ? ["what is fetched inside is pinned by nothing but the command line"] : []),
      Explanation("identity", identity.value.rawValue, identity),
    ]
    for (field, grants) in [
      ("filesystem.readOnly", filesystem.readOnly), ("filesystem.readWrite", filesystem.readWrite),
    ] {
      lines += grants.map { Explanation(field, $0.value.description, $0) }
    }
    lines += filesystem.sockets.map {
      Explanation(
        "filesystem.sockets", $0.value.description, $0,
        remarks: ["the server can do whatever the program behind it lets it do"])
    }
    lines.append(Explanation("filesystem.home", filesystem.home.value.rawValue, filesystem.home))
    lines.append(
      Explanation(
        "filesystem.temporary", filesystem.temporary.value.description, filesystem.temporary))
    lines += network.allow.map {
      Explanation("network.allow", $0.value.description, $0, remarks: $0.value.remarks)
    }
    lines += network.void.map {
      Explanation(
        "network.allow", $0.value.description, $0, remarks: ["not in force: a denial covers it"])
    }
    lines += network.deny.map { Explanation("network.deny", $0.value.place, $0) }
    lines += environment.map { variable in
      switch variable.value.value {
      case .passed: Explanation("environment.pass", variable.value.name, variable)
      case .literal(let text):
        Explanation("environment.set", "\(variable.value.name)=\(text)", variable)
      }
    }
    lines += secrets.map {
      Explanation("secrets", "\($0.value.name) from \($0.value.source)", $0)
    }
    lines.append(Explanation("system.syscalls", system.base.value.rawValue, system.base))
    lines += system.allow.map { Explanation("system.allow", $0.value, $0) }
    lines += system.deny.map { Explanation("system.deny", $0.value, $0) }
    lines += limits.explanations
    lines += FlowLimit.allCases.map { limit in
      Explanation(limit.rawValue, limit.words(flow[limit].value), flow[limit])
    }
    lines += Capability.allCases.map {
      let rule = protocolRules[$0]
      return Explanation("protocol.\($0.rawValue)", rule.value.rawValue, rule)
    }
    lines += protocolRules.extensions.map { Explanation("protocol.extensions", $0.value, $0) }
    lines += manifest.explanations
    lines.append(Explanation("launch", launch.value.rawValue, launch))
    lines += approval.explanations
    lines.append(Explanation("audit.arguments", auditArguments.value.rawValue, auditArguments))
    if let workingDirectory {
      lines.append(Explanation("workingDirectory", workingDirectory.value, workingDirectory))
    }
    lines += accept.map {
      Explanation("accept", $0.value.name, $0, remarks: [$0.value.meaning])
    }
    return lines
  }
}

extension ResolvedProfile.Manifest {
  fileprivate var explanations: [Explanation] {
    [
      Explanation("manifest.firstUse", firstUse.value.rawValue, firstUse),
      Explanation("manifest.text", text.value.rawValue, text),
      Explanation("manifest.structure", structure.value.rawValue, structure),
      Explanation("manifest.annotations", annotations.value.rawValue, annotations),
      Explanation("manifest.appearance", appearance.value.rawValue, appearance),
      Explanation("manifest.resources", resources.value.rawValue, resources),
      Explanation("manifest.findings", findings.value.rawValue, findings),
      Explanation("manifest.notice", notice.value.rawValue, notice),
    ]
  }
}

extension ResolvedProfile.Approval {
  fileprivate var explanations: [Explanation] {
    [Explanation("approval.elicitation", elicitation.value.rawValue, elicitation)]
      + (program.map { [Explanation("approval.program", $0.value.description, $0)] } ?? [])
  }
}

extension ResolvedProfile.Limits {
  fileprivate var explanations: [Explanation] {
    let lines: [Explanation?] = [
      Explanation("limits.memory", memory.value.description, memory),
      swap.map { Explanation("limits.swap", $0.value.description, $0) },
      Explanation("limits.processes", processes.value.description, processes),
      cpus.map { Explanation("limits.cpus", $0.value.description, $0) },
      Explanation("limits.openFiles", openFiles.value.description, openFiles),
      fileSize.map { Explanation("limits.fileSize", $0.value.description, $0) },
      addressSpace.map { Explanation("limits.addressSpace", $0.value.description, $0) },
      Explanation("limits.messageSize", messageSize.value.description, messageSize),
    ]
    return lines.compactMap(\.self)
  }
}
