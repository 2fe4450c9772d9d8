import CLinux
import Control
import Glibc
import Kernel

/// What the server's connections meet inside: every address is local, the layout's sockets take what
/// may be asked for, and the egress process gets the sockets. Nothing of it stays with the stage.
struct SandboxNetwork {
  private let layout: EgressLayout
  private let hasV6: Bool
  private let redirects: Bool
  /// Sockets and their places in the layout.
  private let sockets: [(index: UInt16, raw: Int32)]

  /// - Throws: where the kernel refuses what a rule cannot be kept without: for a rule for every
  ///   port `nf_tables` is that too. A kernel without IPv6, and for other rules one without
  ///   `nf_tables`, is no error.
  init(_ layout: EgressLayout) throws(SystemError) {
    self.layout = layout
    let routes = try NetlinkSocket(.route)
    try LocalRoutes.v4.add(through: routes)
    var hasV6 = true
    do throws(SystemError) {
      try LocalRoutes.v6.add(through: routes)
    } catch  where LocalRoutes.missing.contains(error.errno.code) {
      hasV6 = false
    }
    self.hasV6 = hasV6
    var opened: [(UInt16, Int32)] = []
    var ports: [PacketTables.Family: UInt16] = [:]
    for (index, socket) in layout.sockets.enumerated() {
      if socket.address?.width == 128, !hasV6 { continue }
      let made = try InternetSocket.open(socket)
      if socket.purpose == .redirected {
        ports[socket.address?.width == 128 ? .v6 : .v4] = try made.withRaw {
          (raw) throws(SystemError) in
          try InternetSocket.localAddress(of: raw).port
        }
      }
      opened.append((UInt16(clamping: index), made.release()))
    }
    redirects = try Self.redirect(ports, layout)
    sockets = opened
  }

  /// - Returns: whether the kernel does it.
  private static func redirect(
    _ ports: [PacketTables.Family: UInt16], _ layout: EgressLayout
  ) throws(SystemError) -> Bool {
    let families = [PacketTables.Family.v4, .v6].compactMap { family in
      ports[family].map {
        Redirection(
          family: family, port: $0, taken: layout.taken(family),
          isBounded: !layout.requiresRedirection)
      }
    }
    do throws(SystemError) {
      let tables = try NetlinkSocket(.netfilter)
      try tables.carryOut(Redirection.messages(families), "nf_tables")
      return true
    } catch {
      guard layout.requiresRedirection else { return false }
      throw SystemError(step: error.step, subject: "nf_tables: every port", errno: error.errno)
    }
  }

  /// Sends the sockets, and closes them here and the socket that they were sent on.
  func send(on raw: Int32) throws(SystemError) {
    let sent = sockets.filter { redirects || layout.sockets[Int($0.index)].purpose != .redirected }
    for start in stride(from: 0, to: sent.count, by: EgressSocketBatch.most) {
      let part = sent[start..<min(start + EgressSocketBatch.most, sent.count)]
      let batch = EgressSocketBatch(
        isRedirecting: redirects, isLast: part.endIndex == sent.count, indices: part.map(\.index))
      let bytes = batch.bytes
      let descriptors = part.map(\.raw)
      try check("send", "sockets") {
        unsafe clinux_send_descriptors(raw, bytes, bytes.count, descriptors, descriptors.count)
      }
    }
    for number in sockets.map(\.raw) + [raw] {
      guard close(number) == 0 else {
        throw SystemError(step: "close", subject: "descriptor \(number)", errno: .current)
      }
    }
  }
}

extension EgressLayout {
  /// What has a socket of its own beside the server's loopback.
  fileprivate func taken(_ family: PacketTables.Family) -> [Redirection.Taken] {
    sockets.compactMap { socket in
      switch socket.purpose {
      case .streamNames, .destination:
        guard let address = socket.address else {
          return Redirection.Taken(address: nil, port: socket.port)
        }
        guard (address.width == 128) == (family == .v6) else { return nil }
        return Redirection.Taken(address: address, port: socket.port)
      case .datagramNames, .loopback, .redirected: return nil
      }
    }
  }
}
