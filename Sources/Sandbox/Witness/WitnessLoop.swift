import CLinux
import Glibc
import Kernel
import SystemCallFilter

/// Answers for the filter, one call after the other, and remembers what was refused.
///
/// The rule that keeps a verbose launch as tight as an ordinary one: the answer is what the ordinary
/// program says to this very number and these very arguments, computed by running that program. It is
/// the same program of which the installed one was made.
struct WitnessLoop {
  let listener: Listener
  /// PID 1's end of this socket closes when the server has ended.
  let life: Int32
  let supervisor: Int32
  let ordinary: FilterProgram
  let examined: ExaminedArguments

  private var records = WitnessRecords()
  private var waiting: [UInt8] = []
  /// From the server's first program on.
  private var isRecording: Bool

  /// Reports that a supervisor has not taken. What does not fit is counted only.
  private static let bound = 256 << 10
  private static let enoughForTotals = 64

  init(
    listener: Listener, life: Int32, supervisor: Int32, ordinary: FilterProgram,
    examined: ExaminedArguments, isRecording: Bool = false
  ) {
    self.listener = listener
    self.life = life
    self.supervisor = supervisor
    self.ordinary = ordinary
    self.examined = examined
    self.isRecording = isRecording
  }

  /// Until the server has ended, or nobody is left under the filter.
  mutating func run() throws(SystemError) {
    while true {
      var ready: Int32 = 0
      try check("poll", "listener") {
        unsafe clinux_wait_readable(listener.raw, life, waiting.isEmpty ? -1 : supervisor, &ready)
      }
      if ready & CLINUX_FIRST_READABLE != 0, let notification = try listener.next() {
        try answer(notification)
      } else if ready & (CLINUX_FIRST_ENDED | CLINUX_SECOND_READABLE) != 0 {
        break
      }
      flush()
    }
    // This last one has room kept for it.
    append(.totals(records.totals), bound: Self.bound + Self.enoughForTotals)
    flush()
  }

  private mutating func answer(_ notification: Notification) throws(SystemError) {
    let answer = ordinary.answer(
      number: notification.number, architecture: notification.architecture,
      instructionPointer: notification.instructionPointer, arguments: notification.arguments)
    switch answer {
    case .errno(let errno):
      try listener.refuse(notification, with: errno)
      if isRecording { record(notification, errno) }
    case .allow:
      observe(notification)
      try listener.letGoOn(notification)
    case .end, .notify:
      // The installed program ends such a process itself and asks nobody.
      try listener.refuse(notification, with: ENOSYS)
    }
  }

  private mutating func record(_ notification: Notification, _ errno: Int32) {
    let call = WitnessReport.RefusedCall(
      number: notification.number, errno: errno,
      arguments: examined.deciding(notification.number, notification.arguments))
    if records.isNews(call) { append(.call(call), bound: Self.bound) }
  }

  // MARK: Paths and destinations

  private mutating func observe(_ notification: Notification) {
    // Before the server's own first program the calls are Cordon's: it tries what must fail.
    if !isRecording {
      isRecording = ObservedCall.executing.contains(notification.number)
      return
    }
    guard let call = ObservedCall.byNumber[notification.number] else { return }
    for part in call.parts {
      switch part {
      case .path(let place, let use): observe(place, use, notification)
      case .destination(let address, let length):
        observeDestination(
          notification.arguments[address], notification.arguments[length], notification)
      }
    }
  }

  private mutating func observe(
    _ place: ObservedCall.PathPlace, _ use: ObservedCall.Use, _ notification: Notification
  ) {
    let memory = ServerMemory(thread: notification.thread)
    guard let written = memory.path(at: notification.arguments[place.path]) else {
      return records.countUnseen()
    }
    // An empty path stands for the descriptor itself, which is open already.
    if written.isEmpty { return }
    var directory: Int32?
    if let argument = place.directory {
      let number = Int32(truncatingIfNeeded: notification.arguments[argument])
      directory = number == AT_FDCWD ? nil : number
    }
    let look = PathLook(thread: notification.thread)
    guard let path = look.absolute(written, from: directory), !Self.isOfProcess(path) else {
      return records.countUnseen()
    }
    let (act, failure) = self.failure(use, path, look, memory, notification.arguments)
    guard let failure, Self.isNews(failure.errno), listener.isWaiting(notification) else { return }
    report(act, failure)
  }

  private func failure(
    _ use: ObservedCall.Use, _ path: [UInt8], _ look: PathLook, _ memory: ServerMemory,
    _ arguments: [UInt64]
  ) -> (PathAct, PathLook.Failure?) {
    switch use {
    case .plain(let act, let follows):
      return (act, look.failure(act, path, follows: follows))
    case .look(let flags):
      let follows = arguments[flags] & UInt64(AT_SYMLINK_NOFOLLOW) == 0
      return (.look, look.failure(.look, path, follows: follows))
    case .open(let flags):
      return opening(path, Int32(truncatingIfNeeded: arguments[flags]), look)
    case .openHow(let address):
      guard let flags = memory.number(at: arguments[address]) else { return (.read, nil) }
      return opening(path, Int32(truncatingIfNeeded: flags), look)
    }
  }

  private func opening(
    _ path: [UInt8], _ flags: Int32, _ look: PathLook
  ) -> (PathAct, PathLook.Failure?) {
    if flags & clinux_o_path != 0 {
      return (.look, look.failure(.look, path, follows: flags & O_NOFOLLOW == 0))
    }
    let act: PathAct = flags & O_ACCMODE == O_RDONLY ? .read : .write
    if flags & O_CREAT != 0 {
      return flags & O_EXCL != 0
        ? (.make, look.failure(.make, path, follows: false))
        : (act, look.failureOfMaking(path, opening: act))
    }
    return (act, look.failure(act, path, follows: flags & O_NOFOLLOW == 0))
  }

  private mutating func observeDestination(
    _ address: UInt64, _ length: UInt64, _ notification: Notification
  ) {
    let memory = ServerMemory(thread: notification.thread)
    guard let bytes = memory.bytes(at: address, count: Int(clamping: min(length, 128))),
      let target = SocketAddress(bytes)
    else { return records.countUnseen() }
    guard listener.isWaiting(notification) else { return }
    switch target {
    case .path(let path):
      let look = PathLook(thread: notification.thread)
      guard let path = look.absolute(path, from: nil), !Self.isOfProcess(path),
        let failure = look.failure(.connect, path, follows: true), Self.isNews(failure.errno)
      else { return }
      report(.connect, failure)
    case .internet(let address, let port):
      let destination = WitnessReport.Destination(address: address, port: port)
      if records.isNews(destination) {
        append(.destination(destination), bound: Self.bound)
      }
    case .other: return
    }
  }

  private mutating func report(_ act: PathAct, _ failure: PathLook.Failure) {
    let path = WitnessReport.RefusedPath(act: act, errno: failure.errno, path: failure.path)
    if records.isNews(path) { append(.path(path), bound: Self.bound) }
  }

  /// `/proc/self` is the witness's own here, and the server's there.
  private static func isOfProcess(_ path: [UInt8]) -> Bool {
    ["/proc/self", "/proc/thread-self"].contains { path.starts(with: $0.utf8) }
  }

  /// Others (too long, too many links) are the server's own doing.
  private static func isNews(_ errno: Int32) -> Bool {
    [ENOENT, ENOTDIR, EACCES, EPERM, EROFS].contains(errno)
  }

  // MARK: The way out

  private mutating func append(_ report: WitnessReport, bound: Int) {
    let frame = report.frame()
    if waiting.count + frame.count <= bound {
      waiting += frame
    } else {
      records.countUnreported()
    }
  }

  /// Sends what the supervisor takes now. The server never waits for that.
  private mutating func flush() {
    while !waiting.isEmpty {
      let count = unsafe waiting.withUnsafeBytes { bytes -> Int in
        guard let base = bytes.baseAddress else { return 0 }
        return unsafe clinux_send(supervisor, base, bytes.count, 1)
      }
      // A supervisor that is gone takes everything inside along.
      guard count > 0 else { return }
      waiting.removeFirst(count)
    }
  }
}
