import Glibc
import Kernel
import Profile
import SystemCallFilter

extension ProfileLoader {
  /// This process's own profiles and definitions.
  static func live(_ places: Places) -> ProfileLoader {
    let caller = geteuid()
    return ProfileLoader(
      profileDirectories: [places.profiles], serverDirectories: [places.servers],
      policy: places.policy, home: places.home ?? "",
      systemCalls: SystemCallNaming(
        isKnown: { FilterProgram.isKnownCall($0) },
        nearest: { FilterProgram.nearestCall(to: $0) }),
      read: { (path, trust) throws(SystemError) in
        try ConfigurationFile.read(path, trust: trust, caller: caller)
      })
  }
}
