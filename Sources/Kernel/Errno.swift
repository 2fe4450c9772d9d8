import CLinux
import Glibc

/// An error number of the kernel, as `errno` gives it.
public struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: Int32

  public init(_ code: Int32) {
    self.code = code
  }

  /// The calling thread's `errno`. Read it on the line after the call that failed.
  public static var current: Errno { Errno(clinux_errno()) }

  /// The symbolic name, such as `ENOENT`; `errno N` for a number without one.
  public var name: String {
    guard let name = unsafe clinux_errno_name(code) else { return "errno \(code)" }
    return unsafe String(cString: name)
  }

  /// The C library's words and the name: `No such file or directory (ENOENT)`.
  public var description: String {
    guard let text = unsafe clinux_errno_text(code) else { return name }
    return unsafe "\(String(cString: text).lowercasedFirst) (\(name))"
  }
}

extension String {
  /// Messages are lower case; the C library's begin with a capital.
  fileprivate var lowercasedFirst: String {
    guard let first else { return self }
    return first.lowercased() + dropFirst()
  }
}

/// A system call that failed: what was being done, to what, and the kernel's answer.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  public let step: String
  public let subject: String
  public let errno: Errno

  public init(step: String, subject: String, errno: Errno) {
    self.step = step
    self.subject = subject
    self.errno = errno
  }

  public var description: String { "\(step): \(subject): \(errno)" }
}

/// Turns the kernel's −1 into an error, and repeats a call that a signal interrupted.
///
/// - Parameters:
///   - subject: put together for an error only.
///   - retrying: false where the call must not be made again after `EINTR` (`close` is one).
///   - call: makes the call, and nothing after it that could change `errno`.
/// - Throws: `SystemError` with the given step and subject.
@discardableResult
public func check<Result: FixedWidthInteger>(
  _ step: String, _ subject: @autoclosure () -> String, retrying: Bool = true,
  _ call: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = call()
    guard result == -1 else { return result }
    let errno = Errno.current
    if retrying && errno.code == EINTR { continue }
    throw SystemError(step: step, subject: subject(), errno: errno)
  }
}
