import Digest
import Glibc
import JSON
import Kernel
import Manifest
import Profile
import Sandbox

/// The launch as an item that a person approves: what runs, with what, and what it is granted.
enum LaunchPinning {
  struct Pinned {
    let item: Item
    /// Files whose content is reported and not withheld.
    let reported: [(path: JSONString, digest: Digest)]
  }

  /// Which program this is: the files that decide what runs or, without a script, the arguments up
  /// to the first that is no option (`-m module`).
  static func lineage(of command: ResolvedCommand) -> Lineage {
    var parts = [JSONString(command.executable)]
    let entries = command.launchFiles.filter { $0.role == .entry }
    parts += entries.map { JSONString($0.path) }
    if entries.isEmpty {
      let arguments = command.arguments.dropFirst()
      let options = arguments.prefix { $0.utf8.first == UInt8(ascii: "-") }
      parts += arguments.prefix(options.count + 1).map { JSONString($0) }
    }
    return Lineage(of: parts)
  }

  /// - Parameter digests: remembers digests of large files.
  static func pin(
    _ launch: PreparedLaunch, _ digests: inout FileDigests
  ) throws(CommandError) -> Pinned {
    var reported: [(path: JSONString, digest: Digest)] = []
    var files: [LaunchDescription.File] = []
    for file in launch.command.launchFiles {
      let path = JSONString(file.path)
      do throws(SystemError) {
        let digest = try digests.digest(of: file.path)
        let isSystem = try isSystemProgram(file.path)
        let isByPath = isSystem && file.role != .entry
        if isByPath { reported.append((path, digest)) }
        files.append(.init(path: path, digest: isByPath ? nil : digest))
      } catch {
        throw CommandError(.commandNotFound, "\(error)")
      }
    }
    let first = files.first ?? .init(path: JSONString(launch.command.executable), digest: nil)
    var description = LaunchDescription(executable: first)
    description.files = Array(files.dropFirst())
    description.arguments = launch.command.arguments.map { JSONString($0) }
    description.environment = literals(launch.profile)
    description.grants = grants(launch)
    description.unpinned = launch.command.unpinned.map { JSONString($0) }
    return Pinned(item: try item(description), reported: reported)
  }

  private static func item(_ description: LaunchDescription) throws(CommandError) -> Item {
    do throws(ItemError) {
      return try description.item()
    } catch {
      throw CommandError(.badData, "the launch can't be pinned: \(error)")
    }
  }

  /// A program of the system changes with every update of the distribution, and only root can
  /// change it: its path is pinned, its content reported.
  private static func isSystemProgram(_ path: String) throws(SystemError) -> Bool {
    guard SystemView.shows(path) else { return false }
    let status = try Files.status(path)
    return status.uid == 0 && status.mode & 0o022 == 0
  }

  private static func literals(_ profile: ResolvedProfile) -> [JSONString: JSONString] {
    var values: [JSONString: JSONString] = [:]
    for variable in profile.environment.map(\.value) {
      if case .literal(let value) = variable.value {
        values[JSONString(variable.name)] = JSONString(value)
      }
    }
    return values
  }

  private static func limits(
    _ limits: ResolvedProfile.Limits, _ flow: FlowLimits
  ) -> [String] {
    let lines: [String?] = [
      "memory \(limits.memory.value)",
      limits.swap.map { "swap \($0.value)" },
      "processes \(limits.processes.value)",
      limits.cpus.map { "cpus \($0.value)" },
      "openFiles \(limits.openFiles.value)",
      limits.fileSize.map { "fileSize \($0.value)" },
      limits.addressSpace.map { "addressSpace \($0.value)" },
      "messageSize \(limits.messageSize.value)",
    ]
    // Of these only what differs from the defaults: a launch that names none stays what was approved.
    return lines.compactMap(\.self)
      + flow.changed.map { "\($0.rawValue) \($0.words(flow[$0].value))" }
  }

  private static func grants(_ launch: PreparedLaunch) -> [JSONString: [JSONString]] {
    let profile = launch.profile
    let passed = profile.environment.map(\.value).filter { $0.value == .passed }.map(\.name)
    let lists: [(JSONString, [String])] = [
      ("accept", profile.accept.map(\.value.name)),
      ("environment.pass", passed),
      ("filesystem.home", [profile.filesystem.home.value.rawValue]),
      ("filesystem.command", launch.command.grants.map(\.path)),
      (
        "filesystem.links",
        (launch.paths.grants + launch.paths.sockets)
          .filter { $0.isNamed && !Sandbox.Path.same($0.path, $0.source) }
          .map { "\($0.path) -> \($0.source)" }
      ),
      ("filesystem.temporary", ["\(profile.filesystem.temporary.value)"]),
      ("filesystem.readOnly", profile.filesystem.readOnly.map(\.value.description)),
      ("filesystem.readWrite", profile.filesystem.readWrite.map(\.value.description)),
      ("filesystem.sockets", profile.filesystem.sockets.map(\.value.description)),
      ("identity", [profile.identity.value.rawValue]),
      ("limits", limits(profile.limits, profile.flow)),
      ("packages", profile.packages.value == .installed ? [] : ["fetch"]),
      ("network.allow", profile.network.allow.map(\.value.description)),
      ("network.deny", profile.network.deny.map(\.value.place)),
      // What holds where nothing is said is left out: no launch that was approved changes by it.
      ("protocol.denied", profile.protocolRules.denied.map(\.rawValue)),
      ("protocol.extensions", profile.protocolRules.extensions.map(\.value)),
      ("approval.elicitation", profile.approval.elicitation.value == .deny ? [] : ["allow"]),
      (
        "approval.program",
        profile.approval.program.map { [$0.value.path] + $0.value.arguments } ?? []
      ),
      ("manifest", ChangeRules.pinned(profile.manifest)),
      ("workingDirectory", profile.workingDirectory.map { [$0.value] } ?? []),
      ("secrets", profile.secrets.map { "\($0.value.name)=\($0.value.source)" }),
      ("system.syscalls", profile.system.base.value == .default ? [] : ["strict"]),
      ("system.allow", profile.system.allow.map(\.value)),
      ("system.deny", profile.system.deny.map(\.value)),
    ]
    var grants: [JSONString: [JSONString]] = [:]
    for (name, values) in lists where !values.isEmpty {
      grants[name] = values.map { JSONString($0) }
    }
    return grants
  }
}
