import Control
import Glibc
public import Kernel

extension Trial {
  /// Every layer that is inside the namespaces, each by itself.
  ///
  /// - Throws: where the process that tries them cannot be had.
  public static func layers() throws(SystemError) -> [Trial] {
    // Its own IDs need nothing that a user may lack.
    let identity = Identity.caller(uid: geteuid(), gid: getegid())
    let probe = try PartLauncher().startProbe(identity)
    try probe.confirm()
    let bytes = try Files.read(probe.control, limit: 64 * Self.longestFrame, subject: "probe")
    let end = try ChildEnd(waitingFor: probe.pid, "probe")
    var trials: [Trial] = []
    var reader = FrameReader(limit: Self.longestFrame)
    reader.feed(bytes)
    do throws(FrameError) {
      while let frame = try reader.next() { trials.append(try Trial(frame)) }
    } catch {
      throw SystemError(step: "probe", subject: "report: \(error)", errno: Errno(EPROTO))
    }
    if end.signalled {
      trials.append(
        Trial("probe", SystemError(step: "probe", subject: "signal \(end.status)", errno: Errno(0)))
      )
    }
    return trials
  }
}
