import CLinux
import Kernel

/// A call that waits for the witness's answer. The kernel copied number and arguments before it
/// asked: nobody can change them any more.
struct Notification {
  let id: UInt64
  /// The thread that made the call, as the sandbox's PID namespace numbers it.
  let thread: Int32
  let number: Int32
  let architecture: UInt32
  let instructionPointer: UInt64
  let arguments: [UInt64]
}

/// The descriptor on which a filter asks, and its answers go back.
struct Listener {
  let raw: Int32

  /// - Returns: nil where the thread that asked has ended.
  func next() throws(SystemError) -> Notification? {
    var notification = clinux_notification()
    do throws(SystemError) {
      try check("notification", "receive") {
        unsafe clinux_notification_receive(raw, &notification)
      }
    } catch  where error.errno == .noEntry {
      return nil
    }
    let all = notification.arguments
    return Notification(
      id: notification.id, thread: notification.pid, number: notification.number,
      architecture: notification.architecture,
      instructionPointer: notification.instruction_pointer,
      arguments: [all.0, all.1, all.2, all.3, all.4, all.5])
  }

  func refuse(_ notification: Notification, with errno: Int32) throws(SystemError) {
    try answer { clinux_notification_refuse(raw, notification.id, errno) }
  }

  func letGoOn(_ notification: Notification) throws(SystemError) {
    try answer { clinux_notification_let_go_on(raw, notification.id) }
  }

  /// Whether the thread still waits. Its number is nobody else's until then.
  func isWaiting(_ notification: Notification) -> Bool {
    clinux_notification_is_valid(raw, notification.id) == 1
  }

  private func answer(_ send: () -> Int32) throws(SystemError) {
    do throws(SystemError) {
      try check("notification", "answer", send)
    } catch  where error.errno == .noEntry {
      // The thread was killed while it waited: nobody needs the answer.
    }
  }
}

extension Errno {
  fileprivate static var noEntry: Errno { Errno(2) }
}
