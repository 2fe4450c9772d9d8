import CLinux
import Glibc

/// A helper program that runs to its end, with the caller's own standard streams.
public struct ChildProgram: Sendable {
  private let pid: pid_t
  private let path: String

  /// Starts it with an empty environment.
  ///
  /// - Parameter arguments: without the program's own name.
  public init(starting path: String, arguments: [String]) throws(SystemError) {
    var pid: pid_t = -1
    let code = unsafe withCStrings([path] + arguments) { (pointers) -> Int32 in
      var none: UnsafeMutablePointer<CChar>?
      // posix_spawn only reads what it is given, whatever its signature says.
      return unsafe posix_spawn(
        &pid, path, nil, nil,
        UnsafeMutableRawPointer(mutating: pointers).assumingMemoryBound(
          to: UnsafeMutablePointer<CChar>?.self), &none)
    }
    guard code == 0 else {
      throw SystemError(step: "spawn", subject: path, errno: Errno(code))
    }
    self.pid = pid
    self.path = path
  }

  /// Waits for its end.
  ///
  /// - Returns: the exit code; 128 and the number for a signal.
  public func wait() throws(SystemError) -> Int32 {
    let end = try ChildEnd(waitingFor: pid, path)
    return end.signalled ? 128 + end.status : end.status
  }
}
