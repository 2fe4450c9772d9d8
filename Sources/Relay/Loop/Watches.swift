import Glibc
import Kernel

/// The relay's descriptors in epoll.
struct Watches {
  /// What epoll gives back.
  enum Name: UInt64 {
    case control, hostInput, hostOutput, hostError, serverInput, serverOutput, serverError
  }

  var control, hostInput, hostOutput, hostError, serverInput, serverOutput, serverError: Watch

  init(_ descriptors: Descriptors) {
    control = Watch(descriptors.control, .control)
    hostInput = Watch(descriptors.hostInput, .hostInput)
    hostOutput = Watch(descriptors.hostOutput, .hostOutput)
    hostError = Watch(descriptors.hostError, .hostError)
    serverInput = Watch(descriptors.serverInput, .serverInput)
    serverOutput = Watch(descriptors.serverOutput, .serverOutput)
    serverError = Watch(descriptors.serverError, .serverError)
  }
}

extension RelayLoop {
  /// Tells the kernel what to wake for.
  mutating func watch() throws(SystemError) {
    try watches.control.set(
      control.isStuck(at: now) ? [.readable, .writable] : .readable, in: epoll)
    try watches.hostInput.set(
      hostEnded || !isStarted ? nil : wantsHost ? .readable : [], in: epoll)
    try watches.serverOutput.set(
      serverEnded || !isStarted ? nil : wantsServer ? .readable : [], in: epoll)
    try watches.serverError.set(logEnded ? nil : .readable, in: epoll)
    try watches.serverInput.set(toServer.isEmpty ? nil : .writable, in: epoll)
    try watches.hostOutput.set(toHost.isEmpty ? nil : .writable, in: epoll)
    try watches.hostError.set(log.isEmpty ? nil : .writable, in: epoll)
  }
}
