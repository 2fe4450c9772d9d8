import Kernel
import Profile
import Sandbox

/// The paths that a server is given.
extension LaunchPreparer {
  func paths(
    _ profile: ResolvedProfile, _ command: ResolvedCommand
  ) throws(CommandError) -> GrantSurvey.Outcome {
    let files = profile.filesystem
    let needed = try neededGrants(command)
    let named =
      Self.named(files.readOnly, writable: false) + Self.named(files.readWrite, writable: true)
    let sockets = Self.named(files.sockets, writable: false)
    let surroundings = try surroundings(command, needed, areNamed: !named.isEmpty)
    do throws(GrantError) {
      return try GrantSurvey.look(
        at: named, sockets: sockets, surroundings: surroundings, tolerance: Self.tolerance(profile))
    } catch {
      let origin = (files.readOnly + files.readWrite + files.sockets).first {
        Sandbox.Path.same($0.value.path, error.path)
      }
      throw CommandError(grantFailure: error, origin: origin?.origin)
    }
  }

  private static func named(
    _ grants: [Sourced<PathGrant>], writable: Bool
  ) -> [GrantSurvey.Named] {
    grants.map {
      GrantSurvey.Named($0.value.path, writable: writable, isOptional: $0.value.isOptional)
    }
  }

  private static func tolerance(_ profile: ResolvedProfile) -> GrantSurvey.Tolerance {
    var tolerance = GrantSurvey.Tolerance()
    tolerance.root = profile.accepts(.grantOfRoot)
    tolerance.homes = profile.accepts(.grantOfHome)
    tolerance.channels = profile.accepts(.socketsInGrants)
    tolerance.startupFiles = profile.accepts(.startupFilesInGrants)
    return tolerance
  }

  private func surroundings(
    _ command: ResolvedCommand, _ needed: [Grant], areNamed: Bool
  ) throws(CommandError) -> GrantSurvey.Surroundings {
    let reserved = [places.configuration, places.state, places.audit]
    // What only grants by name are compared with.
    guard areNamed else {
      return .init(reserved: reserved, programs: [], homes: [], needed: needed)
    }
    do throws(SystemError) {
      var homes = try PasswordDatabase.system().entries.map {
        GrantSurvey.Home(account: $0.name, path: $0.home, owner: $0.uid)
      }
      if let home = places.home {
        homes.insert(.init(account: places.account ?? "you", path: home, owner: nil), at: 0)
      }
      let binary = try Files.realPath("/proc/self/exe")
      return .init(
        reserved: reserved, programs: [binary] + command.launchFiles.map(\.path), homes: homes,
        needed: needed)
    } catch {
      throw CommandError(.configuration, "\(error)")
    }
  }

  /// What the command cannot start without, read-only.
  private func neededGrants(_ command: ResolvedCommand) throws(CommandError) -> [Grant] {
    var grants: [Grant] = []
    for grant in command.grants where !isLink(grant) {
      do throws(SystemError) {
        grants.append(try Grant(resolving: grant.path, writable: false, isNamed: false))
      } catch {
        throw CommandError(.commandNotFound, "\(error)", hint: "needed because: \(grant.reason)")
      }
    }
    return grants
  }
}
