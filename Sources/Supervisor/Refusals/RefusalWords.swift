import Glibc
import Kernel
import Manifest
import Sandbox
import SystemCallFilter

/// What is told of a refusal: one line, and the option that would open it where there is one.
struct RefusalWords: Equatable {
  let text: String
  let hint: String?

  /// Characters of a path that are shown.
  private static let limit = 200

  init(_ call: WitnessReport.RefusedCall) {
    let errno = Errno(call.errno)
    let words = CallDescription.text(of: call.number, call.arguments)
    // ENOSYS is what an older kernel would say; libraries go on without the call.
    text =
      errno.code == ENOSYS
      ? "refused: \(words), as on a kernel that lacks it (\(errno.name))"
      : "refused: \(words) (\(errno.name))"
    hint = nil
  }

  /// Nil for what is counted only.
  init?(_ verdict: PathVerdict, _ act: PathAct, isSeparate: Bool) {
    switch verdict {
    case .notGranted(let path, let kind, let isForWriting):
      text = "not granted: \(Self.shown(path)), which exists here (\(act.words))"
      hint = Self.hint(path, kind, isForWriting: isForWriting)
    case .ofCallersHome(let path, let counterpart):
      text =
        "not granted: \(Self.shown(path)), where the server's home has nothing and yours has "
        + "\(Self.shown(counterpart)) (\(act.words))"
      hint = Self.option("--read-only", counterpart).map {
        "\($0), and tell the server where it is, by a variable or an argument"
          + Self.caution(counterpart)
      }
    case .readOnly(let path, let grant):
      text = "read-only: \(Self.shown(path)) (\(act.words))"
      hint = Self.option("--read-write", grant)
    case .nobodysToWrite(let path):
      text = "read-only: \(Self.shown(path)) (\(act.words))"
      hint = "the server may write to its home and to /tmp, and to what --read-write grants"
    case .permission(let path):
      text = "no permission: \(Self.shown(path)) (\(act.words))"
      hint =
        isSeparate
        ? "the server has a UID of its own: chmod it, grant it by name, or --identity caller" : nil
    case .service(let path):
      text =
        "not shown: \(Self.shown(path)) (\(act.words)): services of this machine listen there"
      hint = Self.socketOption(path)
    case .machine, .noNews, .unknown: return nil
    }
  }

  init(_ destination: WitnessReport.Destination) {
    let address = InternetAddress(destination.address)
    if address.isLoopback && destination.port == 53 {
      text = "no network: the server asked for a host's name"
    } else {
      text = "no network: \(address.text) port \(destination.port)"
    }
    hint = "nothing of the network is granted: --allow HOST:PORT grants a host"
  }

  static func shown(_ path: String) -> String { Rendering.line(path, limit: limit) }

  private static func hint(
    _ path: String, _ kind: FileStatus.Kind, isForWriting: Bool
  ) -> String? {
    switch kind {
    case .directory, .regular, .symbolicLink:
      option(isForWriting ? "--read-write" : "--read-only", path).map { $0 + caution(path) }
    case .socket: socketOption(path)
    case .fifo, .characterDevice, .blockDevice, .unknown: nil
    }
  }

  /// What a person may copy into a shell: a path in which a shell finds nothing to do, or none.
  private static func option(_ name: String, _ path: String) -> String? {
    isPlain(path) ? "\(name) \(path)" : nil
  }

  private static func isPlain(_ path: String) -> Bool {
    guard path.utf8.count <= limit else { return false }
    return path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "@"),
        UInt8(ascii: ","), UInt8(ascii: ":"):
        true
      default: false
      }
    }
  }

  private static func socketOption(_ path: String) -> String? {
    isPlain(path)
      ? "a service listens there; in a profile: \"filesystem\": { \"sockets\": [\"\(path)\"] }"
      : nil
  }

  private static func caution(_ path: String) -> String {
    KnownPaths.holdsCredentials(path)
      ? ", but only if this server is meant to have your credentials" : ""
  }
}

extension PathAct {
  /// What the server wanted, in words.
  fileprivate var words: String {
    switch self {
    case .look: "it looked for it"
    case .read: "it wanted to read it"
    case .write: "it wanted to write it"
    case .make: "it wanted to make it"
    case .remove: "it wanted to remove it"
    case .execute: "it wanted to run it"
    case .connect: "it wanted to connect to it"
    }
  }

  /// For the audit log.
  var name: String { "\(self)" }
}
