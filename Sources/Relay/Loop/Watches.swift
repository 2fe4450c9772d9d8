import Glibc
import Kernel

/// The relay's descriptors in epoll, each under its number.
struct Watches {
  var control = Watch(RelayLoop.Descriptor.control)
  var hostInput = Watch(RelayLoop.Descriptor.hostInput)
  var hostOutput = Watch(RelayLoop.Descriptor.hostOutput)
  var hostError = Watch(RelayLoop.Descriptor.hostError)
  var serverInput = Watch(RelayLoop.Descriptor.serverInput)
  var serverOutput = Watch(RelayLoop.Descriptor.serverOutput)
  var serverError = Watch(RelayLoop.Descriptor.serverError)
}

extension RelayLoop {
  /// Tells the kernel what to wake for.
  mutating func watch() throws(SystemError) {
    try watches.control.set(
      control.isEmpty ? .readable : [.readable, .writable], in: epoll)
    try watches.hostInput.set(
      hostEnded ? nil : wantsHost ? .readable : [], in: epoll)
    try watches.serverOutput.set(
      serverEnded ? nil : wantsServer ? .readable : [], in: epoll)
    try watches.serverError.set(logEnded ? nil : .readable, in: epoll)
    try watches.serverInput.set(toServer.isEmpty ? nil : .writable, in: epoll)
    try watches.hostOutput.set(toHost.isEmpty ? nil : .writable, in: epoll)
    try watches.hostError.set(log.isEmpty ? nil : .writable, in: epoll)
  }
}
