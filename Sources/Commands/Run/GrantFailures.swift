import Profile
import Sandbox

/// What a person is told of a grant that cannot be: one sentence and the way out.
extension CommandError {
  /// - Parameter origin: who gave the grant.
  init(grantFailure error: GrantError, origin: Origin?) {
    let message = error.sentence
    let hint = error.hint ?? origin.map { "the grant is from \($0)" }
    self.init(.configuration, Printable.text(message), hint: hint)
  }
}

extension GrantError {
  /// The granted path.
  var path: String {
    switch self {
    case .unresolved(let path, _), .socket(let path), .notSocket(let path),
      .neitherFileNorDirectory(let path), .ownedBySandbox(let path), .root(let path),
      .home(let path, _), .conflict(let path, _), .reserved(let path, _),
      .changesProgram(let path, _), .kernelFileSystem(let path, _, _), .channels(let path, _, _),
      .unread(let path, _, _), .tooLarge(let path, _), .tooManyToProtect(let path, _):
      path
    }
  }

  fileprivate var sentence: String {
    switch self {
    case .unresolved(let path, let error): "\(path) can't be granted: \(error)"
    case .socket(let path): "\(path) is a socket, a way to the program behind it"
    case .notSocket(let path): "\(path) is no socket"
    case .neitherFileNorDirectory(let path): "\(path) is neither a file nor a directory"
    case .ownedBySandbox(let path): "\(path) can't be granted: the sandbox has its own"
    case .root(let path): "\(path) is the machine's whole disk"
    case .home(let path, let account): "\(path) holds the home directory of \(account)"
    case .conflict(let one, let other):
      "\(one) and \(other) are one and the same, granted both read-only and read-write"
    case .reserved(let path, let own): "\(path) can't be granted: it would show Cordon's own \(own)"
    case .changesProgram(let path, let program):
      "\(path) can't be written by the server: it holds \(program), which decides what runs"
    case .kernelFileSystem(let path, let point, let type):
      "\(path) can't be granted: \(point) inside it is the kernel's \(type)"
    case .channels(let path, let found, let count):
      "\(path) holds \(count == 1 ? "a socket or pipe" : "\(count) sockets or pipes") of the "
        + "machine's: \(Self.list(found, of: count))"
    case .unread(let path, let found, let count):
      "\(path) can't be looked through for sockets: \(Self.list(found, of: count))"
    case .tooLarge(let path, let entries):
      "\(path) holds more than \(entries) names, too many to look through for sockets"
    case .tooManyToProtect(let path, let count):
      "\(path) holds \(count) things that a server must not change, too many to protect"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .unresolved, .neitherFileNorDirectory: nil
    case .socket(let path):
      "a read-only mount does not stop connect; where the server shall talk to that program: "
        + "\"filesystem\": { \"sockets\": [\"\(path)\"] }"
    case .notSocket: "\"sockets\" is for Unix sockets; files go under \"readOnly\" or \"readWrite\""
    case .ownedBySandbox: "grant what the server needs below it, or another place"
    case .root: Self.accept(.grantOfRoot, orElse: "name the directories that are needed")
    case .home: Self.accept(.grantOfHome, orElse: "name the directories in it that are needed")
    case .conflict: "leave one of the two out"
    case .reserved: "grant the directories beside it one by one"
    case .changesProgram: "grant a directory that does not hold the program, or grant it read-only"
    case .kernelFileSystem: "grant the directories beside it one by one"
    case .channels:
      Self.accept(
        .socketsInGrants,
        orElse: "grant a directory without them, or name one under \"filesystem.sockets\"")
    case .unread, .tooLarge:
      Self.accept(.socketsInGrants, orElse: "grant a narrower directory")
    case .tooManyToProtect: "grant a narrower directory"
    }
  }

  private static func accept(_ weakness: Weakness, orElse other: String) -> String {
    "\(other); or accept that \(weakness.meaning): --accept \(weakness.name)"
  }

  private static func list(_ found: [String], of count: Int) -> String {
    found.joined(separator: ", ") + (count > found.count ? ", …" : "")
  }
}
