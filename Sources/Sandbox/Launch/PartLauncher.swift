import CLinux
import Glibc
public import Kernel

/// A part of Cordon that runs: its process and the supervisor's end of its control socket.
public struct StartedPart: ~Copyable, Sendable {
  public let pid: Int32
  /// Readable once the process has ended.
  public let pidfd: OwnedDescriptor
  public let control: OwnedDescriptor
  fileprivate let report: OwnedDescriptor
}

/// The program that plays a part.
public struct PartProgram: Sendable {
  fileprivate let executable: Int32
  /// `arguments[0]` included.
  fileprivate let arguments: [String]

  /// - Parameter executable: lent: it stays open for as long as the program may be started.
  public init(executable: Int32, arguments: [String]) {
    self.executable = executable
    self.arguments = arguments
  }
}

/// Starts the stage, the relay and whatever else a session has: this very program, executed again with an empty environment
/// through a descriptor opened before, never a forked copy.
public struct PartLauncher: ~Copyable {
  private let executable: OwnedDescriptor
  private let stage: PartProgram?
  private let relay: PartProgram?
  private let egress: PartProgram?

  /// - Parameters:
  ///   - stage: another program in the stage's place: what one could do that someone took over.
  ///   - relay: the same for the relay.
  ///   - egress: the same for the process that carries the server's connections.
  public init(
    stage: PartProgram? = nil, relay: PartProgram? = nil, egress: PartProgram? = nil
  ) throws(SystemError) {
    executable = try Files.open("/proc/self/exe", flags: O_RDONLY)
    self.stage = stage
    self.relay = relay
    self.egress = egress
  }

  /// This very program, which finds its part in its name.
  private func own(_ name: String) -> PartProgram {
    PartProgram(executable: executable.withRaw { $0 }, arguments: [name])
  }

  /// The relay: host's and server's descriptors as the relay's contract numbers them, the control
  /// socket as 3.
  ///
  /// - Parameters:
  ///   - hostPipes: what it takes for the host's; this process's own three, if nothing is said.
  ///   - serverPipes: write end of the server's input, read ends of its output and error.
  public func startRelay(
    as owner: Owner?, hostPipes: [Int32] = [0, 1, 2], serverPipes: [Int32]
  ) throws(SystemError) -> StartedPart {
    let settings = Settings(clearsGroups: owner != nil, owner: owner)
    return try start(
      relay ?? own("cordon-relay"), settings, before: hostPipes, after: serverPipes)
  }

  /// The process that carries the server's connections: the control socket as 0, and as 1 the socket
  /// through which the stage sends those of the sandbox. What it would write to its standard error
  /// goes nowhere: it reads a server's bytes, and the person's terminal is not for those.
  public func startEgress(as owner: Owner?, stage: Int32) throws(SystemError) -> StartedPart {
    let nowhere = try Files.open("/dev/null", flags: O_WRONLY)
    let settings = Settings(clearsGroups: owner != nil, owner: owner)
    let part = try start(
      egress ?? own("cordon-egress"), settings, before: [],
      after: [stage, nowhere.withRaw { $0 }])
    // Lent until here.
    _ = consume nowhere
    return part
  }

  /// The sweeper, as this very user, with the control socket as 0 and nothing else.
  func startSweeper() throws(SystemError) -> StartedPart {
    try start(own("cordon-sweeper"), Settings(), before: [], after: [])
  }

  /// What starts the program that asks the user, as this very user: the control socket as 0, and
  /// this process's standard error as 1.
  public func startAsker() throws(SystemError) -> StartedPart {
    try start(own("cordon-asker"), Settings(), before: [], after: [2])
  }

  /// The stage, in new namespaces, where it does nothing before its plan has come.
  ///
  /// It has every capability in its new user namespace and no UID yet: whoever sends the plan has
  /// written the maps before. So it can be started before it is known whose they are.
  ///
  /// - Parameters:
  ///   - serverPipes: the server's ends of its input, output and error.
  ///   - witness: the socket of a verbose launch's witness, else nil.
  ///   - egress: the socket to the process that carries the server's connections, else nil.
  ///   - groups: the cgroups that it runs in, and with it everything that it starts.
  public func startStage(
    serverPipes: [Int32], witness: Int32? = nil, egress: Int32? = nil,
    groups: ControlGroups? = nil
  ) throws(SystemError) -> StartedPart {
    let settings = Settings(
      namespaces: clinux_sandbox_namespaces, keepsCapabilities: true)
    let entrances = try groups?.entrances() ?? Entrances(tasks: [], group: -1)
    return try start(
      stage ?? own("cordon-stage"), settings, before: serverPipes,
      after: Self.sockets(witness: witness, egress: egress), through: entrances)
  }

  /// Each has its number, whether or not the other is there.
  private static func sockets(witness: Int32?, egress: Int32?) -> [Int32] {
    if let egress { return [witness ?? -1, egress] }
    return witness.map { [$0] } ?? []
  }

  /// The process that tries one layer of the sandbox after another, in the namespaces that a stage
  /// has, with their maps in force.
  func startProbe(_ identity: Identity) throws(SystemError) -> StartedPart {
    try startMapped(
      "cordon-probe", clinux_sandbox_namespaces, identity, keepsCapabilities: true, after: [])
  }

  /// The process that empties a directory, in a user namespace of its own whose maps are in force
  /// before it is this program again.
  ///
  /// - Parameter directory: becomes its descriptor 4.
  func startRemoval(
    _ identity: Identity, of directory: borrowing OwnedDescriptor
  ) throws(SystemError) -> StartedPart {
    let raw = directory.withRaw { $0 }
    return try startMapped(
      "cordon-removal", clinux_user_namespace, identity, keepsCapabilities: false, after: [raw])
  }

  private func startMapped(
    _ name: String, _ namespaces: UInt64, _ identity: Identity, keepsCapabilities: Bool,
    after: [Int32]
  ) throws(SystemError) -> StartedPart {
    let gate = try Pipe()
    let settings = Settings(
      namespaces: namespaces, keepsCapabilities: keepsCapabilities,
      clearsGroups: identity.mapper != .caller,
      owner: Owner(uid: identity.insideStage, gid: identity.insideStage),
      gate: gate.reading.withRaw { $0 }, opener: gate.writing.withRaw { $0 })
    let part = try start(own(name), settings, before: [0, 1, 2], after: after)
    try IdentityMaps(startingFor: part.pid, identity).finish()
    try Files.write([1], to: gate.writing, subject: "gate")
    return part
  }

  /// What differs between the parts before their exec.
  private struct Settings {
    var namespaces: UInt64 = 0
    /// Those of the new user namespace, over the exec.
    var keepsCapabilities = false
    var clearsGroups = false
    var owner: Owner?
    /// A pipe to wait at before anything else: its read end, and the write end, which is the parent's
    /// alone.
    var gate: Int32 = -1
    var opener: Int32 = -1
  }

  private func start(
    _ program: PartProgram, _ settings: Settings, before: [Int32], after: [Int32],
    through entrances: borrowing Entrances = Entrances(tasks: [], group: -1)
  ) throws(SystemError) -> StartedPart {
    let report = try Pipe()
    let control = try SocketPair()
    let executable = program.executable
    let words = program.arguments
    let placed = before + [control.theirs.withRaw { $0 }] + after
    let reporter = report.writing.withRaw { $0 }
    var pidfd: Int32 = -1
    let tasks = entrances.tasks
    let group = entrances.group
    let step = group < 0 ? "clone" : "clone into cgroup"
    let pid = try unsafe withCStrings(words) { (arguments) throws(SystemError) -> Int32 in
      try unsafe placed.withUnsafeBufferPointer { (descriptors) throws(SystemError) -> Int32 in
        try unsafe tasks.withUnsafeBufferPointer { (tasks) throws(SystemError) -> Int32 in
          var launch = unsafe clinux_launch(
            namespaces: settings.namespaces, gate: settings.gate, gate_writer: settings.opener,
            executable: executable,
            arguments: arguments, descriptors: descriptors.baseAddress,
            descriptor_count: descriptors.count,
            clear_groups: settings.clearsGroups ? 1 : 0,
            raise_ambient: settings.keepsCapabilities ? 1 : 0,
            uid: settings.owner.map { Int64($0.uid) } ?? -1,
            gid: settings.owner.map { Int64($0.gid) } ?? -1, tasks: tasks.baseAddress,
            task_count: tasks.count, group: group, report: reporter)
          return try check(step, words.first ?? "") { unsafe clinux_start(&launch, &pidfd) }
        }
      }
    }
    // The child's ends close here, so that the end of a part is the end of its descriptors.
    return StartedPart(
      pid: pid, pidfd: OwnedDescriptor(owning: pidfd), control: control.ours,
      report: report.reading)
  }
}

extension StartedPart {
  /// Waits until the part is this program again.
  ///
  /// - Throws: the step between clone and exec that failed.
  public func confirm() throws(SystemError) {
    let report = try Files.read(report, limit: 8, subject: "report")
    guard !report.isEmpty else { return }
    guard report.count == 8 else {
      throw SystemError(step: "start", subject: "report", errno: Errno(EPROTO))
    }
    let words = unsafe report.withUnsafeBytes { (bytes) -> (Int32, Int32) in
      unsafe (bytes.load(as: Int32.self), bytes.load(fromByteOffset: 4, as: Int32.self))
    }
    throw SystemError(step: "start", subject: Self.name(of: words.1), errno: Errno(words.0))
  }

  private static func name(of step: Int32) -> String {
    switch step {
    case CLINUX_STEP_DEATH_SIGNAL: "prctl PR_SET_PDEATHSIG"
    case CLINUX_STEP_GATE: "read the gate"
    case CLINUX_STEP_GROUPS: "setgroups"
    case CLINUX_STEP_GID: "setresgid"
    case CLINUX_STEP_UID: "setresuid"
    case CLINUX_STEP_AMBIENT: "raise ambient capabilities"
    case CLINUX_STEP_DESCRIPTORS: "place descriptors"
    case CLINUX_STEP_SIGNALS: "sigprocmask"
    case CLINUX_STEP_EXEC: "execveat"
    case CLINUX_STEP_CGROUP: "enter the cgroup"
    case CLINUX_STEP_CGROUP_NAMESPACE: "unshare CLONE_NEWCGROUP"
    default: "step \(step)"
    }
  }
}
