import Sandbox

/// What is known of paths by their names alone, as data.
enum KnownPaths {
  /// Libraries and interpreters ask for these on every start and go on without them.
  static let asked = [
    "/etc/ld.so.preload", "/etc/ld.so.nohwcap", "/etc/gai.conf", "/etc/host.conf", "/etc/inputrc",
    "/etc/terminfo", "/etc/selinux", "/etc/gnutls", "/etc/bash.bashrc", "/etc/profile",
    "/etc/python3", "/etc/node", "/etc/java", "/etc/environment", "/etc/locale.alias",
    "/run/nscd", "/var/run/nscd",
  ]

  /// Facts about the machine and its devices. No server is shown them.
  static let ofTheMachine = [
    "/proc", "/sys", "/dev", "/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/os-release",
  ]

  /// Where services of the host listen. The sandbox has an empty one of its own.
  static let ofServices = ["/run", "/var/run"]

  /// `/var/run` is a link to `/run` on every system of this century.
  static func withoutKnownLinks(_ path: String) -> String {
    isWithin(path, "/var/run") ? String(decoding: path.utf8.dropFirst(4), as: UTF8.self) : path
  }

  /// The sandbox has its own, and files of the same names in the host's are others.
  static let ofItsOwn = ["/tmp", "/var/tmp", "/home/server"]

  /// Names in a home directory, or anywhere, below which credentials and memories are kept.
  static let credentials = [
    ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".npmrc", ".pypirc",
    ".git-credentials", ".password-store", ".pki", ".mozilla", ".thunderbird", ".config/gh",
    ".config/gcloud", ".config/google-chrome", ".config/chromium", ".config/hub", ".config/rclone",
    ".local/share/keyrings", ".bash_history", ".zsh_history", ".python_history", ".vault-token",
    ".terraform.d/credentials.tfrc.json", "etc/shadow", "etc/gshadow", "etc/sudoers",
    "etc/ssh", "etc/ssl/private",
  ]

  static func contains(_ list: [String], _ path: String) -> Bool {
    list.contains { isWithin(path, $0) }
  }

  /// `/etc/python3` also stands for `/etc/python3.11`.
  static func wasOnlyAsked(_ path: String) -> Bool {
    asked.contains { path.utf8.starts(with: $0.utf8) }
  }

  static func holdsCredentials(_ path: String) -> Bool {
    let own = path.utf8.split(separator: 0x2F)
    return credentials.contains { name in
      let parts = name.utf8.split(separator: 0x2F)
      guard own.count >= parts.count else { return false }
      return (0...(own.count - parts.count)).contains { start in
        zip(own[start...], parts).allSatisfy { $0.elementsEqual($1) }
      }
    }
  }

  static func isWithin(_ path: String, _ directory: String) -> Bool {
    Path.isWithin(path, directory)
  }
}
