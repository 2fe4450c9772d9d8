import Foundation
import Sandbox

/// Runs a resolved command where only its grants and the system's directories exist: in a user and
/// mount namespace, on a root made for it.
enum Enclosure {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  static func run(_ command: ResolvedCommand) throws -> Outcome {
    var lines = [
      "set -e", "R=$(mktemp -d)", "mount -t tmpfs none $R",
      "for d in /usr /bin /sbin /lib /lib64; do",
      "  if [ -L $d ]; then ln -s \"$(readlink $d)\" $R$d",
      "  elif [ -d $d ]; then mkdir -p $R$d; mount --rbind $d $R$d; fi",
      "done",
      "mkdir -p $R/dev $R/tmp; touch $R/dev/null; mount --bind /dev/null $R/dev/null",
      "mkdir -p $R/etc; cp /etc/ld.so.cache $R/etc/",
    ]
    for grant in command.grants {
      let path = quoted(grant.path)
      lines.append("mkdir -p $R\(quoted(grant.path.parentDirectory))")
      switch grant.kind {
      case .directory: lines.append("mkdir -p $R\(path); mount --rbind \(path) $R\(path)")
      case .file: lines.append("touch $R\(path); mount --bind \(path) $R\(path)")
      case .link(let target): lines.append("ln -s \(quoted(target)) $R\(path)")
      }
    }
    let path = (command.searchPath + ["/usr/local/bin", "/usr/bin", "/bin"]).joined(separator: ":")
    let words = ([command.executable] + command.arguments.dropFirst()).map(quoted)
    lines.append("cd /")
    lines.append(
      "exec env -i PATH=\(quoted(path)) HOME=/tmp /usr/sbin/chroot $R \(words.joined(separator: " "))"
    )
    return try shell(lines.joined(separator: "\n"))
  }

  private static func shell(_ script: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = ["--user", "--map-root-user", "--mount", "/bin/sh", "-c", script]
    let output = Foundation.Pipe()
    let errors = Foundation.Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self))
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}

extension String {
  fileprivate var parentDirectory: String { (self as NSString).deletingLastPathComponent }
}
