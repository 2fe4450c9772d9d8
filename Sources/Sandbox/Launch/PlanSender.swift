import CLinux
import Control
public import Kernel

extension StartedPart {
  /// Hands the plan to the stage.
  ///
  /// As root the sources are opened here, in the host's mount namespace and with its rights, and go
  /// along as detached mounts.
  ///
  /// - Returns: processes that have done their part and are the caller's to reap.
  public func send(_ plan: Plan, for identity: Identity) throws(SystemError) -> [Int32] {
    var mounts: [OwnedSource] = []
    var holders: [Int32] = []
    if identity.mapper == .root {
      for source in plan.sources {
        let mount = OwnedSource(try SourceMount.open(source))
        if let owner = source.mappedOwner {
          let namespace = try OwnerNamespace(mapping: owner, to: identity.server)
          holders.append(namespace.holder)
          try SourceMount.mapOwner(of: mount.raw, source.path, through: namespace.descriptor)
        }
        mounts.append(mount)
      }
    }
    let frame = StageOrder.carryOut(plan, descriptorCount: mounts.count).frame()
    do throws(SystemError) {
      try send(frame, mounts.map(\.raw))
    } catch {
      // A stage that ended before its exec says why.
      try confirm()
      throw error
    }
    return holders
  }

  /// Asks the stage to signal the server.
  public func send(signal: Int32) throws(SystemError) {
    try Files.write(StageOrder.signal(signal).frame(), to: control, subject: "stage")
  }

  private func send(_ bytes: [UInt8], _ descriptors: [Int32]) throws(SystemError) {
    let sent = try control.withRaw { (raw) throws(SystemError) in
      try check("send", "plan") {
        unsafe clinux_send_descriptors(
          raw, bytes, bytes.count, descriptors, descriptors.count)
      }
    }
    try Files.write(Array(bytes[sent...]), to: control, subject: "stage")
  }
}

/// A descriptor that an array can hold, closed with the last reference.
private final class OwnedSource {
  let raw: Int32
  private let descriptor: OwnedDescriptor

  init(_ raw: Int32) {
    self.raw = raw
    descriptor = OwnedDescriptor(owning: raw)
  }
}
