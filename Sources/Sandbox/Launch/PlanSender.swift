import CLinux
import Control
public import Kernel

extension StartedPart {
  /// Hands the plan to the stage.
  ///
  /// As root the sources are opened here, in the host's mount namespace and with its rights, and go
  /// along as detached mounts.
  public func send(_ plan: Plan, for identity: Identity) throws(SystemError) {
    var mounts: [OwnedSource] = []
    if identity.mapper == .root {
      for source in plan.sources {
        let mount = OwnedSource(try SourceMount.open(source))
        if let owner = source.mappedOwner {
          let namespace = try OwnerNamespace(mapping: owner, to: identity.server)
          try SourceMount.mapOwner(of: mount.raw, source.path, through: namespace.descriptor)
        }
        mounts.append(mount)
      }
    }
    let frame = StageOrder.carryOut(plan, descriptorCount: mounts.count).frame()
    try send(frame, mounts.map(\.raw))
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
