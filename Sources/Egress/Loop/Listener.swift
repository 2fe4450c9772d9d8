import CLinux
public import Control
public import Kernel

/// One of the sandbox's sockets, which the stage opened inside.
public final class Listener {
  let purpose: EgressLayout.Socket.Purpose
  let descriptor: Int32
  private let owner: OwnedDescriptor

  public init(_ purpose: EgressLayout.Socket.Purpose, _ descriptor: consuming OwnedDescriptor) {
    self.purpose = purpose
    self.descriptor = descriptor.withRaw { $0 }
    owner = descriptor
  }

  /// Whether it takes what comes over IPv6, alone or too.
  var takesV6: Bool {
    var endpoint = clinux_endpoint()
    return unsafe clinux_local_endpoint(descriptor, &endpoint) == 0 && endpoint.length == 16
  }
}
