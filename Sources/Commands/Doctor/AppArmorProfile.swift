/// The AppArmor profile that lets this program make user namespaces where Ubuntu's restriction
/// (`kernel.apparmor_restrict_unprivileged_userns`) keeps others from it.
///
/// It confines nothing: the sandbox is Cordon's own work. Examples/apparmor/cordon is the same for
/// the usual places.
enum AppArmorProfile {
  /// - Parameter path: where the program is installed.
  static func text(for path: String) -> String {
    // A quoted name takes everything literally but what AppArmor globs with.
    let special = Array("?*[]{}^\\\"".utf8)
    let escaped = path.utf8.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
    return """
      abi <abi/4.0>,
      include <tunables/global>

      profile cordon "\(String(decoding: escaped, as: UTF8.self))" flags=(unconfined) {
        userns,

        include if exists <local/cordon>
      }

      """
  }
}
