import CLinux
import Control
import Glibc
import Kernel

/// A step that could not be carried out.
struct StepFailure: Error {
  let step: String
  let subject: String
  /// 0 where a check found a thing not to be so.
  let errno: Errno
}

/// The trusted program inside the namespaces: carries the plan out, starts the server, and stays
/// as the PID namespace's first process.
///
/// Started with the server's standard input, output and error as 0, 1 and 2, and the control
/// socket as 3; in a verbose launch the witness's socket as 4, and where the server may connect to
/// anything the egress process's as 5. Single-threaded; its environment is empty.
public enum StageProcess {
  static let control: Int32 = 3
  /// Where the sandbox's sockets go to.
  static let egress: Int32 = 5

  /// Runs the stage.
  ///
  /// - Returns: the exit status, for the kernel only: the supervisor learns the server's status
  ///   from the control socket.
  public static func run() -> Int32 {
    do throws(StepFailure) {
      try SystemError.asFailure { () throws(SystemError) in
        // Before anything is waited for. Not dumpable is what it becomes with the plan: until the
        // maps are written, an ordinary user's helpers must be allowed to write them.
        try check("stage", "PR_SET_PDEATHSIG") { clinux_parent_death_signal(SIGKILL) }
        // The stage makes files and mount points with the very modes of the plan.
        _ = umask(0)
        try KnownState.enterStage()
      }
      let (plan, descriptors, reader) = try receivePlan()
      var executor = StepExecutor(plan: plan, received: descriptors)
      for step in plan.steps where !step.isTakenByServer { try executor.carryOut(step) }
      try executor.finish()
      return try InitProcess.run(plan, SupervisorOrders(after: reader))
    } catch {
      report(
        .failed(step: error.step, subject: error.subject, errno: error.errno.code), to: control)
      return 70
    }
  }

  /// The plan is the first thing on the control socket, with the descriptors beside it.
  private static func receivePlan() throws(StepFailure) -> (Plan, [Int32], FrameReader) {
    var reader = FrameReader(limit: StageOrder.longestFrame)
    var descriptors: [Int32] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    do {
      while true {
        if let frame = try reader.next() {
          guard case .carryOut(let plan, let count) = try StageOrder(frame),
            count == descriptors.count
          else { throw FrameError.invalid("first order") }
          return (plan, descriptors, reader)
        }
        let (count, received) = try receive(into: &chunk)
        if count == 0 { throw FrameError.truncated }
        descriptors += received
        reader.feed(chunk[..<count])
      }
    } catch let error as SystemError {
      throw StepFailure(step: "plan", subject: "control socket", errno: error.errno)
    } catch {
      throw StepFailure(step: "plan", subject: "\(error)", errno: Errno(EPROTO))
    }
  }

  private static func receive(into chunk: inout [UInt8]) throws(SystemError) -> (Int, [Int32]) {
    var received = [Int32](repeating: -1, count: 128)
    var number = 0
    let count = try check("receive", "control socket") {
      unsafe clinux_receive_descriptors(
        control, &chunk, chunk.count, &received, received.count, &number)
    }
    return (count, Array(received[..<number]))
  }

  static func report(_ report: StageReport, to descriptor: Int32) {
    write(report.frame(), to: descriptor)
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      // A supervisor that is gone cannot be told; the parent-death signal ends this process.
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}

extension SystemError {
  /// Runs a body whose errors name the step and the subject already.
  static func asFailure<Result>(
    _ body: () throws(SystemError) -> Result
  ) throws(StepFailure) -> Result {
    do {
      return try body()
    } catch {
      throw StepFailure(step: error.step, subject: error.subject, errno: error.errno)
    }
  }
}

extension Step {
  /// Whether the step is for the process that becomes the server, after the fork.
  var isTakenByServer: Bool {
    switch self {
    case .becomeStage, .makeMountsPrivate, .forbidUserNamespaces, .openSource, .newRoot, .directory,
      .symbolicLink, .file, .bind, .cover, .temporary, .processes, .makeReadOnly, .own, .pivot,
      .hostName,
      .loopback, .egress:
      false
    case .session, .limit, .fileModeMask, .dropBoundingSet, .lockSecureBits, .clearGroups,
      .takeIdentity, .dropCapabilities, .noNewPrivileges, .workingDirectory, .closeDescriptors,
      .landlock, .filterSystemCalls, .verify, .execute:
      true
    }
  }
}
