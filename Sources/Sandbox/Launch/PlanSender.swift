import CLinux
import Control
import Glibc
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

  /// Lets the server's program run, once the sandbox stands. That the stage has ended is no error:
  /// it has said why.
  public func letServerRun() throws(SystemError) {
    do throws(SystemError) {
      try Files.write(StageOrder.letServerRun.frame(), to: control, subject: "stage")
    } catch  where error.errno.code == EPIPE || error.errno.code == ECONNRESET {}
  }

  /// Asks the stage to signal the server.
  public func send(signal: Int32) throws(SystemError) {
    try Files.write(StageOrder.signal(signal).frame(), to: control, subject: "stage")
  }

  /// Each message carries so many descriptors at most; the kernel's own bound is 253
  /// (`SCM_MAX_FD`).
  private static var descriptorsPerMessage: Int { 128 }

  private func send(_ bytes: [UInt8], _ descriptors: [Int32]) throws(SystemError) {
    var bytes = bytes[...]
    var descriptors = descriptors[...]
    repeat {
      let batch = Array(descriptors.prefix(Self.descriptorsPerMessage))
      descriptors = descriptors.dropFirst(batch.count)
      // All but the last go with one byte of the frame: the frame is complete only with them.
      let part = Array(descriptors.isEmpty ? bytes : bytes.prefix(1))
      let sent = try control.withRaw { (raw) throws(SystemError) in
        try check("send", "plan") {
          unsafe clinux_send_descriptors(raw, part, part.count, batch, batch.count)
        }
      }
      bytes = bytes.dropFirst(sent)
    } while !descriptors.isEmpty
    try Files.write(Array(bytes), to: control, subject: "stage")
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
