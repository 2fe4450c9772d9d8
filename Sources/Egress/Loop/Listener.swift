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

  /// Whether it has an address of IPv6. One for every address shows nothing: it can be had also where
  /// IPv6 is switched off for interfaces, and then nothing comes that way.
  var takesV6: Bool {
    var endpoint = clinux_endpoint()
    guard unsafe clinux_local_endpoint(descriptor, &endpoint) == 0, endpoint.length == 16 else {
      return false
    }
    return unsafe withUnsafeBytes(of: endpoint.bytes) { unsafe $0.contains { $0 != 0 } }
  }
}
