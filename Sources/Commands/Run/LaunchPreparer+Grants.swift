import Control
import Credentials
import Digest
import Glibc
import JSON
import Kernel
import Manifest
import Profile
import Sandbox

/// What the server is given: paths, a user, secrets, variables and a home.
extension LaunchPreparer {
  func isLink(_ grant: CommandGrant) -> Bool {
    if case .link = grant.kind { return true }
    return false
  }

  /// - Parameter writesOutside: whether the server may write what is not its private home.
  func identity(
    _ profile: ResolvedProfile, writesOutside: Bool
  ) throws(CommandError) -> Sandbox.Identity {
    let kind: Sandbox.Identity.Kind =
      switch profile.identity.value {
      case .separate: .separate
      case .caller: .caller
      }
    do throws(IdentityError) {
      return try Sandbox.Identity.resolve(
        kind, of: options.name.text, account: places.account, stateDirectory: places.state,
        for: options.dryRun ? .look : .launch(writesOutside: writesOutside))
    } catch {
      throw CommandError(identityFailure: error)
    }
  }

  /// Holds the name for as long as the launch lives: what belongs to it is not removed meanwhile.
  func presence() throws(CommandError) -> PresenceLock {
    try checkState()
    let name = options.name.text
    do throws(SystemError) {
      try Files.makeDirectories(places.locks, mode: 0o700)
      if let lock = try PresenceLock.join(places.lock(of: name)) { return lock }
    } catch {
      throw CommandError(keeping: "the server's name can't be held", error)
    }
    throw CommandError(
      .storeFailure, "'\(name)' is being removed right now",
      hint: "start it again once cordon remove has ended")
  }

  /// Whoever could change the state directory could replace what is kept below it.
  private func checkState() throws(CommandError) {
    let status: FileStatus
    do throws(SystemError) {
      try Files.makeDirectories(places.state, mode: 0o700)
      status = try Files.status(places.state)
    } catch {
      throw CommandError(keeping: "the state directory can't be had", error)
    }
    guard status.kind == .directory, status.uid == geteuid(), status.mode & 0o077 == 0 else {
      throw CommandError(
        .storeFailure,
        "the state directory \(places.state) is not this user's alone "
          + "(uid \(status.uid), mode \(String(status.mode, radix: 8)))",
        hint: "chown it to yourself and chmod 700 \(places.state)")
    }
  }

  func secrets(_ profile: ResolvedProfile) throws(CommandError) -> [Secret] {
    var secrets: [Secret] = []
    for grant in profile.secrets.map(\.value) {
      let source: SecretSource =
        switch grant.source {
        case .environment(let variable): .environment(variable)
        case .file(let path): .file(path)
        }
      do throws(SecretError) {
        secrets.append(
          try source.read(name: grant.name) { context.environment.bytes(of: $0) })
      } catch {
        throw CommandError(.configuration, error.description, hint: error.hint)
      }
    }
    return secrets
  }

  func environment(
    _ profile: ResolvedProfile, _ command: ResolvedCommand, _ secrets: [Secret]
  ) -> [ServerProgram.Variable] {
    let system = ["/usr/local/bin", "/usr/bin", "/bin"]
    let path = (command.searchPath + system).joined(separator: ":")
    var variables: [ServerProgram.Variable] = []
    let own = [
      ("HOME", SandboxRequest.home), ("LOGNAME", "server"), ("PATH", path), ("USER", "server"),
    ]
    let given = Set(profile.environment.map { JSONString($0.value.name) })
    for (name, value) in own where !given.contains(JSONString(name)) {
      variables.append(.init(name: name, value: Array(value.utf8)))
    }
    for variable in profile.environment.map(\.value) {
      switch variable.value {
      case .literal(let value):
        variables.append(.init(name: variable.name, value: Array(value.utf8)))
      case .passed:
        // A variable that the caller does not have is not set inside either.
        if let value = context.environment.bytes(of: variable.name) {
          variables.append(.init(name: variable.name, value: value))
        }
      }
    }
    for secret in secrets {
      variables.append(.init(name: secret.name, value: secret.value, isSecret: true))
    }
    return variables
  }

  func home(_ profile: ResolvedProfile, _ lineage: Lineage) -> SandboxRequest.Home {
    if hasTemporaryHome { return .temporary }
    switch profile.filesystem.home.value {
    case .temporary: return .temporary
    case .private:
      // Another program under an old name finds a home of its own.
      let state = Self.real(places.state)
      return .kept("\(state)/homes/\(options.name)/\(lineage.digest.hex.prefix(16))")
    }
  }

  /// Free of links as far as it exists: grants are compared with it, and mounts made of it.
  static func real(_ path: String) -> String {
    do throws(SystemError) {
      return try Files.realPath(path)
    } catch {
      return path
    }
  }
}
