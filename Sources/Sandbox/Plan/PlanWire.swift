import Confinement
import Control
import SystemCallFilter

/// The plan's compact form on the stage's control socket.
extension Plan {
  func write(to writer: inout FrameWriter) {
    writer.append(steps) { writer, step in step.write(to: &writer) }
    writer.append(program.executable)
    writer.append(program.arguments) { $0.append($1) }
    writer.append(program.environment) { writer, variable in
      writer.append(variable.name)
      writer.append(variable.value)
      writer.append(variable.isSecret)
    }
    writer.append(UInt64(insideUID))
    writer.append(UInt64(insideGID))
    writer.append(isWitnessed)
  }

  init(from fields: inout FrameFields) throws(FrameError) {
    steps = try fields.list { (fields) throws(FrameError) in try Step(from: &fields) }
    program = ServerProgram(
      executable: try fields.text(),
      arguments: try fields.texts(),
      environment: try fields.list { (fields) throws(FrameError) in
        ServerProgram.Variable(
          name: try fields.text(), value: try fields.bytes(), isSecret: try fields.boolean())
      })
    insideUID = try fields.number()
    insideGID = try fields.number()
    isWitnessed = try fields.boolean()
  }
}

extension FrameFields {
  mutating func number() throws(FrameError) -> UInt32 {
    guard let value = UInt32(exactly: try integer()) else { throw .invalid("number") }
    return value
  }

  mutating func texts() throws(FrameError) -> [String] {
    try list { (fields) throws(FrameError) in try fields.text() }
  }
}

extension Step {
  private enum Code: UInt64 {
    case makeMountsPrivate = 1
    case forbidUserNamespaces, openSource, newRoot, directory, symbolicLink, file, bind, cover
    case temporary
    case processes, makeReadOnly, own, pivot, hostName, loopback, session, limit, fileModeMask
    case dropBoundingSet, lockSecureBits, clearGroups, takeIdentity, dropCapabilities
    case noNewPrivileges, workingDirectory, closeDescriptors, filterSystemCalls, verify, execute
    case landlock, becomeStage, egress
  }

  private var code: Code {
    switch self {
    case .becomeStage: .becomeStage
    case .makeMountsPrivate: .makeMountsPrivate
    case .forbidUserNamespaces: .forbidUserNamespaces
    case .openSource: .openSource
    case .newRoot: .newRoot
    case .directory: .directory
    case .symbolicLink: .symbolicLink
    case .file: .file
    case .bind: .bind
    case .cover: .cover
    case .temporary: .temporary
    case .processes: .processes
    case .makeReadOnly: .makeReadOnly
    case .own: .own
    case .pivot: .pivot
    case .hostName: .hostName
    case .loopback: .loopback
    case .egress: .egress
    case .session: .session
    case .limit: .limit
    case .fileModeMask: .fileModeMask
    case .dropBoundingSet: .dropBoundingSet
    case .lockSecureBits: .lockSecureBits
    case .clearGroups: .clearGroups
    case .takeIdentity: .takeIdentity
    case .dropCapabilities: .dropCapabilities
    case .noNewPrivileges: .noNewPrivileges
    case .workingDirectory: .workingDirectory
    case .closeDescriptors: .closeDescriptors
    case .landlock: .landlock
    case .filterSystemCalls: .filterSystemCalls
    case .verify: .verify
    case .execute: .execute
    }
  }

  func write(to writer: inout FrameWriter) {
    writer.append(code.rawValue)
    switch self {
    case .makeMountsPrivate, .forbidUserNamespaces, .pivot, .loopback, .session, .dropBoundingSet,
      .lockSecureBits, .clearGroups, .dropCapabilities, .noNewPrivileges, .closeDescriptors,
      .execute:
      break
    case .becomeStage(let uid, let clearingGroups):
      writer.append(UInt64(uid))
      writer.append(clearingGroups)
    case .egress(let layout): layout.append(to: &writer)
    case .openSource(let source): source.write(to: &writer)
    case .newRoot(let bytes): writer.append(bytes)
    case .directory(let path, let mode):
      writer.append(path)
      writer.append(UInt64(mode))
    case .symbolicLink(let path, let target):
      writer.append(path)
      writer.append(target)
    case .file(let path, let contents):
      writer.append(path)
      writer.append(contents)
    case .bind(let source, let path, let kind):
      writer.append(UInt64(source))
      writer.append(path)
      writer.append(kind.rawValue)
    case .cover(let cover): cover.write(to: &writer)
    case .temporary(let system): system.write(to: &writer)
    case .processes(let text), .makeReadOnly(let text), .own(let text), .hostName(let text),
      .workingDirectory(let text):
      writer.append(text)
    case .limit(let limit, let soft, let hard):
      writer.append(limit.rawValue)
      writer.append(soft)
      writer.append(hard)
    case .fileModeMask(let mask): writer.append(UInt64(mask))
    case .takeIdentity(let uid, let gid):
      writer.append(UInt64(uid))
      writer.append(UInt64(gid))
    case .landlock(let version, let rules):
      writer.append(UInt64(version))
      writer.append(rules) { writer, rule in
        writer.append(rule.path)
        writer.append(rule.rights.rawValue)
      }
    case .filterSystemCalls(let base, let allow, let deny):
      writer.append(base.rawValue)
      writer.append(allow) { $0.append($1) }
      writer.append(deny) { $0.append($1) }
    case .verify(let expectation): expectation.write(to: &writer)
    }
  }

  init(from fields: inout FrameFields) throws(FrameError) {
    guard let code = Code(rawValue: try fields.integer()) else { throw .invalid("step") }
    switch code {
    case .becomeStage:
      self = .becomeStage(uid: try fields.number(), clearingGroups: try fields.boolean())
    case .makeMountsPrivate: self = .makeMountsPrivate
    case .forbidUserNamespaces: self = .forbidUserNamespaces
    case .openSource: self = .openSource(try Source(from: &fields))
    case .newRoot: self = .newRoot(bytes: try fields.integer())
    case .directory: self = .directory(path: try fields.text(), mode: try fields.number())
    case .symbolicLink: self = .symbolicLink(path: try fields.text(), target: try fields.text())
    case .file: self = .file(path: try fields.text(), contents: try fields.text())
    case .bind:
      let source = Int(try fields.number())
      let path = try fields.text()
      guard let kind = BindKind(rawValue: try fields.integer()) else { throw .invalid("bind") }
      self = .bind(source: source, path: path, kind: kind)
    case .cover: self = .cover(try Cover(from: &fields))
    case .temporary: self = .temporary(try TemporaryFileSystem(from: &fields))
    case .processes: self = .processes(path: try fields.text())
    case .makeReadOnly: self = .makeReadOnly(path: try fields.text())
    case .own: self = .own(path: try fields.text())
    case .pivot: self = .pivot
    case .hostName: self = .hostName(try fields.text())
    case .loopback: self = .loopback
    case .egress: self = .egress(try EgressLayout(&fields))
    case .session: self = .session
    case .limit:
      guard let limit = ResourceLimit(rawValue: try fields.text()) else { throw .invalid("limit") }
      self = .limit(limit, soft: try fields.integer(), hard: try fields.integer())
    case .fileModeMask: self = .fileModeMask(try fields.number())
    case .dropBoundingSet: self = .dropBoundingSet
    case .lockSecureBits: self = .lockSecureBits
    case .clearGroups: self = .clearGroups
    case .takeIdentity: self = .takeIdentity(uid: try fields.number(), gid: try fields.number())
    case .dropCapabilities: self = .dropCapabilities
    case .noNewPrivileges: self = .noNewPrivileges
    case .workingDirectory: self = .workingDirectory(try fields.text())
    case .closeDescriptors: self = .closeDescriptors
    case .landlock:
      self = .landlock(
        version: Int(try fields.number()),
        rules: try fields.list { (fields) throws(FrameError) in
          PathRule(try fields.text(), PathRights(rawValue: try fields.integer()))
        })
    case .filterSystemCalls:
      guard let base = FilterBase(rawValue: try fields.integer()) else { throw .invalid("filter") }
      self = .filterSystemCalls(base, allow: try fields.texts(), deny: try fields.texts())
    case .verify: self = .verify(try Expectation(from: &fields))
    case .execute: self = .execute
    }
  }
}

extension Source {
  fileprivate func write(to writer: inout FrameWriter) {
    writer.append(path)
    writer.append(readOnly)
    writer.append(noExecute)
    writer.append(devices)
    writer.append(mappedOwner != nil)
    if let mappedOwner {
      writer.append(UInt64(mappedOwner.uid))
      writer.append(UInt64(mappedOwner.gid))
    }
    writer.append(identity != nil)
    if let identity {
      writer.append(identity.device)
      writer.append(identity.inode)
    }
  }

  fileprivate init(from fields: inout FrameFields) throws(FrameError) {
    path = try fields.text()
    readOnly = try fields.boolean()
    noExecute = try fields.boolean()
    devices = try fields.boolean()
    let isMapped = try fields.boolean()
    mappedOwner = isMapped ? Owner(uid: try fields.number(), gid: try fields.number()) : nil
    let isKnown = try fields.boolean()
    identity =
      isKnown ? FileIdentity(device: try fields.integer(), inode: try fields.integer()) : nil
  }
}

extension Cover {
  fileprivate func write(to writer: inout FrameWriter) {
    writer.append(path)
    writer.append(kind.rawValue)
  }

  fileprivate init(from fields: inout FrameFields) throws(FrameError) {
    path = try fields.text()
    guard let kind = Kind(rawValue: try fields.integer()) else { throw .invalid("cover") }
    self.kind = kind
  }
}

extension TemporaryFileSystem {
  fileprivate func write(to writer: inout FrameWriter) {
    writer.append(path)
    writer.append(bytes)
    writer.append(UInt64(mode))
    writer.append(noExecute)
    writer.append(ownedByServer)
  }

  fileprivate init(from fields: inout FrameFields) throws(FrameError) {
    path = try fields.text()
    bytes = try fields.integer()
    mode = try fields.number()
    noExecute = try fields.boolean()
    ownedByServer = try fields.boolean()
  }
}

extension Expectation {
  fileprivate func write(to writer: inout FrameWriter) {
    writer.append(UInt64(uid))
    writer.append(UInt64(gid))
    writer.append(noGroups)
    writer.append(rootEntries) { $0.append($1) }
    writer.append(changedCalls) { $0.append($1) }
    writer.append(covers) { writer, cover in cover.write(to: &writer) }
    writer.append(hasEgress)
  }

  fileprivate init(from fields: inout FrameFields) throws(FrameError) {
    uid = try fields.number()
    gid = try fields.number()
    noGroups = try fields.boolean()
    rootEntries = try fields.texts()
    changedCalls = try fields.texts()
    covers = try fields.list { (fields) throws(FrameError) in try Cover(from: &fields) }
    hasEgress = try fields.boolean()
  }
}
