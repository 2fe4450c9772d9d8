import Foundation
import Testing

/// A process of the test's own, with the interface of Foundation's `Process` as far as it is used here.
///
/// Foundation's reads beyond the end of what it copies when it starts a process (6.3.1), which now and
/// then ends the whole run of tests.
final class ChildProcess {
  enum Reason { case exit, uncaughtSignal }

  var executableURL: URL?
  var arguments: [String]?
  /// Nil for this process's own.
  var environment: [String: String]?
  /// A `Pipe` or a `FileHandle`; nil for this process's own.
  var standardInput: Any?
  var standardOutput: Any?
  var standardError: Any?
  private(set) var processIdentifier: pid_t = -1
  /// The exit code, or the signal's number.
  private(set) var terminationStatus: Int32 = 0
  private(set) var terminationReason = Reason.exit
  private var isReaped = true

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  func run() throws {
    let path = executableURL?.path(percentEncoded: false) ?? ""
    let variables = environment ?? ProcessInfo.processInfo.environment
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    let input = Self.descriptor(of: standardInput) { $0.fileHandleForReading }
    let output = Self.descriptor(of: standardOutput) { $0.fileHandleForWriting }
    let errors = Self.descriptor(of: standardError) { $0.fileHandleForWriting }
    for (descriptor, number) in [(input, 0), (output, 1), (errors, 2)] as [(Int32?, Int32)] {
      if let descriptor {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      }
    }
    try unsafe Self.closeOthers(&actions)
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    var words = unsafe ([path] + (arguments ?? [])).map { unsafe strdup($0) } + [nil]
    var settings = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + settings).forEach { unsafe free($0) } }
    var pid: pid_t = -1
    let code = unsafe posix_spawn(&pid, path, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw Failure(description: "\(path): errno \(code)") }
    processIdentifier = pid
    isReaped = false
    // The child has its own: what stays open here would keep its end from being seen.
    try (standardInput as? Pipe)?.fileHandleForReading.close()
    try (standardOutput as? Pipe)?.fileHandleForWriting.close()
    try (standardError as? Pipe)?.fileHandleForWriting.close()
  }

  /// Its own name for the call is not in the module for Glibc.
  private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) throws {
    typealias Call = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
    guard let call = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
      throw Failure(description: "posix_spawn_file_actions_addclosefrom_np: not in this library")
    }
    _ = unsafe unsafeBitCast(call, to: Call.self)(&actions, 3)
  }

  private static func descriptor(of stream: Any?, _ end: (Pipe) -> FileHandle) -> Int32? {
    if let pipe = stream as? Pipe { return end(pipe).fileDescriptor }
    return (stream as? FileHandle)?.fileDescriptor
  }

  var isRunning: Bool {
    reap(WNOHANG)
    return !isReaped
  }

  func waitUntilExit() { reap(0) }

  func terminate() {
    if !isReaped { kill(processIdentifier, SIGTERM) }
  }

  private func reap(_ options: Int32) {
    guard !isReaped else { return }
    var status: Int32 = 0
    var pid: pid_t
    repeat {
      pid = unsafe waitpid(processIdentifier, &status, options)
    } while pid < 0 && errno == EINTR
    guard pid != 0 else { return }
    isReaped = true
    let signal = status & 0x7F
    terminationReason = signal == 0 ? .exit : .uncaughtSignal
    terminationStatus = signal == 0 ? (status >> 8) & 0xFF : signal
  }

  deinit { reap(WNOHANG) }
}
