public import Confinement
import Control
import Glibc
public import Kernel

/// What a plan needs to know of the machine, gathered before it is made, so that a test can make
/// the same plan of any machine.
public struct HostFacts: Equatable, Sendable {
  public enum Entry: Equatable, Sendable {
    case directory
    case file
    case symbolicLink(String)
  }

  /// The system's paths of `SystemView` that exist here.
  public let system: [String: Entry]
  /// The kernel's Landlock; nil for none, and for one that no server could work under.
  public let landlock: Landlock?

  public init(system: [String: Entry], landlock: Landlock?) {
    self.system = system
    self.landlock = landlock
  }

  private static func usableLandlock() -> Landlock? {
    guard let landlock = Landlock.ofThisKernel(),
      landlock.version >= Landlock.usableForPrograms
    else { return nil }
    return landlock
  }

  public static func gather() throws(SystemError) -> HostFacts {
    var system: [String: Entry] = [:]
    for path in SystemView.rootNames + SystemView.configuration {
      do throws(SystemError) {
        switch try Files.status(path, follow: false).kind {
        case .directory: system[path] = .directory
        case .symbolicLink: system[path] = .symbolicLink(try Files.readLink(path))
        case .regular: system[path] = .file
        case .socket, .fifo, .characterDevice, .blockDevice, .unknown: break
        }
      } catch  where error.errno.code == ENOENT {
        // This distribution does not have it.
      }
    }
    return HostFacts(system: system, landlock: usableLandlock())
  }
}

/// What of the system every server sees, read-only.
public enum SystemView {
  /// Beside `/usr`: links into it on merged systems, directories on others.
  static let rootNames = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]

  /// What interpreters and libraries read of `/etc`, and nothing that tells about the machine's
  /// users or its network.
  static let configuration = [
    "/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf",
    "/etc/crypto-policies", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/localtime", "/etc/mime.types", "/etc/pki/ca-trust/extracted", "/etc/pki/tls/certs",
    "/etc/protocols", "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone",
  ]

  /// The device nodes that programs expect; each is harmless to share.
  static let devices = ["null", "zero", "full", "random", "urandom"]

  static let deviceLinks = [
    ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
  ]

  /// Whether a path is inside what every server sees anyway.
  public static func shows(_ path: String) -> Bool {
    rootNames.contains { Path.isWithin(path, $0) }
  }

  /// The accounts and the network as the sandbox knows them.
  ///
  /// - Parameter hasEgress: names are answered; else a question for one is refused at once.
  static func generatedFiles(hostName: String, hasEgress: Bool) -> [(
    path: String, contents: String
  )] {
    let id = Identity.insideServer
    return [
      (
        "/etc/passwd",
        """
        root:x:0:0:root:/root:/usr/sbin/nologin
        server:x:\(id):\(id):MCP server:\(SandboxRequest.home):/bin/sh
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

        """
      ),
      ("/etc/group", "root:x:0:\nserver:x:\(id):\nnogroup:x:65534:\n"),
      ("/etc/hosts", "127.0.0.1 localhost \(hostName)\n::1 localhost \(hostName)\n"),
      ("/etc/hostname", "\(hostName)\n"),
      ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"),
      (
        "/etc/resolv.conf",
        hasEgress
          ? "nameserver \(EgressLayout.resolver)\n"
          : "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"
      ),
    ]
  }
}
