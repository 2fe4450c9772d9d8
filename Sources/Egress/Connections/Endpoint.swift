import CLinux
import Glibc
import Kernel

/// An address and a port.
struct Endpoint: Hashable {
  var address: IPAddress
  var port: UInt16

  init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Nil for one without an address.
  init?(_ raw: clinux_endpoint) {
    let bytes = unsafe withUnsafeBytes(of: raw.bytes) { bytes in
      unsafe Array(bytes.prefix(Int(raw.length)))
    }
    guard let address = IPAddress(networkOrder: bytes) else { return nil }
    self.init(address, port: raw.port)
  }

  var raw: clinux_endpoint {
    var raw = clinux_endpoint()
    let bytes = address.networkOrder
    raw.length = UInt8(bytes.count)
    raw.port = port
    unsafe withUnsafeMutableBytes(of: &raw.bytes) { target in
      // 4 or 16 bytes into 16.
      unsafe target.copyBytes(from: bytes)
    }
    return raw
  }

  /// Where a connection that was accepted went to.
  ///
  /// - Parameter redirected: the kernel sent it here, so that its own address does not tell.
  /// - Throws: `ENOENT` for one that was not redirected.
  static func destination(
    of socket: borrowing OwnedDescriptor, redirected: Bool
  ) throws(SystemError) -> Endpoint {
    var raw = clinux_endpoint()
    try socket.withRaw { (socket) throws(SystemError) in
      _ = try check(redirected ? "original destination" : "getsockname", "connection") {
        unsafe redirected
          ? clinux_original_endpoint(socket, &raw) : clinux_local_endpoint(socket, &raw)
      }
    }
    guard let endpoint = Endpoint(raw) else {
      throw SystemError(step: "getsockname", subject: "connection", errno: Errno(EAFNOSUPPORT))
    }
    return Endpoint(endpoint.address.unmapped, port: endpoint.port)
  }
}
