import SystemCallFilter

/// What a call is about to do with a path.
public enum PathAct: UInt8, CaseIterable, Sendable {
  /// Ask whether it is there, or what it is.
  case look = 1
  /// Open it for reading.
  case read
  /// Open it for writing, or change it.
  case write
  /// Make it: a file, a directory, a link, a new name.
  case make
  case remove
  case execute
  case connect
}

/// A call in which the witness of a verbose launch finds a path or a destination, and where.
///
/// The filter allows these calls, and the witness always lets them go on: which paths and
/// destinations a server reaches is decided by mounts and namespaces, at the very moment of the
/// call. So nothing depends on memory that another thread could rewrite after it was read here.
struct ObservedCall {
  let name: String
  let parts: [Part]

  enum Part {
    case path(PathPlace, Use)
    /// A `struct sockaddr` and its length.
    case destination(address: Int, length: Int)
  }

  /// The arguments that make a path.
  struct PathPlace {
    let path: Int
    /// Nil where a relative path begins at the working directory.
    let directory: Int?
  }

  enum Use {
    case plain(PathAct, follows: Bool)
    /// Where `AT_SYMLINK_NOFOLLOW` is, which means no following.
    case look(flags: Int)
    /// Where the `O_*` are.
    case open(flags: Int)
    /// Where the address of a `struct open_how` is.
    case openHow(Int)
  }

  private init(_ name: String, _ parts: Part...) {
    self.name = name
    self.parts = parts
  }

  private static func at(_ path: Int, from directory: Int? = nil) -> PathPlace {
    PathPlace(path: path, directory: directory)
  }

  /// Where an architecture lacks a call, it lacks nothing here.
  static let all: [ObservedCall] = [
    // Looking
    ObservedCall("stat", .path(at(0), .plain(.look, follows: true))),
    ObservedCall("lstat", .path(at(0), .plain(.look, follows: false))),
    ObservedCall("newfstatat", .path(at(1, from: 0), .look(flags: 3))),
    ObservedCall("statx", .path(at(1, from: 0), .look(flags: 2))),
    ObservedCall("access", .path(at(0), .plain(.look, follows: true))),
    ObservedCall("faccessat", .path(at(1, from: 0), .plain(.look, follows: true))),
    ObservedCall("faccessat2", .path(at(1, from: 0), .look(flags: 3))),
    ObservedCall("readlink", .path(at(0), .plain(.look, follows: false))),
    ObservedCall("readlinkat", .path(at(1, from: 0), .plain(.look, follows: false))),
    ObservedCall("chdir", .path(at(0), .plain(.look, follows: true))),
    // Opening
    ObservedCall("open", .path(at(0), .open(flags: 1))),
    ObservedCall("openat", .path(at(1, from: 0), .open(flags: 2))),
    ObservedCall("openat2", .path(at(1, from: 0), .openHow(2))),
    ObservedCall("creat", .path(at(0), .plain(.write, follows: true))),
    // Changing
    ObservedCall("truncate", .path(at(0), .plain(.write, follows: true))),
    ObservedCall("mkdir", .path(at(0), .plain(.make, follows: false))),
    ObservedCall("mkdirat", .path(at(1, from: 0), .plain(.make, follows: false))),
    ObservedCall("symlink", .path(at(1), .plain(.make, follows: false))),
    ObservedCall("symlinkat", .path(at(2, from: 1), .plain(.make, follows: false))),
    ObservedCall("link", .path(at(1), .plain(.make, follows: false))),
    ObservedCall("linkat", .path(at(3, from: 2), .plain(.make, follows: false))),
    ObservedCall(
      "rename", .path(at(0), .plain(.remove, follows: false)),
      .path(at(1), .plain(.make, follows: false))),
    ObservedCall(
      "renameat", .path(at(1, from: 0), .plain(.remove, follows: false)),
      .path(at(3, from: 2), .plain(.make, follows: false))),
    ObservedCall(
      "renameat2", .path(at(1, from: 0), .plain(.remove, follows: false)),
      .path(at(3, from: 2), .plain(.make, follows: false))),
    ObservedCall("unlink", .path(at(0), .plain(.remove, follows: false))),
    ObservedCall("unlinkat", .path(at(1, from: 0), .plain(.remove, follows: false))),
    ObservedCall("rmdir", .path(at(0), .plain(.remove, follows: false))),
    // Executing
    ObservedCall("execve", .path(at(0), .plain(.execute, follows: true))),
    ObservedCall("execveat", .path(at(1, from: 0), .plain(.execute, follows: true))),
    // Reaching
    ObservedCall("connect", .destination(address: 1, length: 2)),
  ]

  static let byNumber: [Int32: ObservedCall] = {
    var calls: [Int32: ObservedCall] = [:]
    for call in all {
      if let number = FilterProgram.number(of: call.name) { calls[number] = call }
    }
    return calls
  }()

  /// In ascending order, so that a program made of them is always the same.
  static var numbers: [Int32] { byNumber.keys.sorted() }

  /// From the first of these on what the witness sees is the server's own.
  static let executing: Set<Int32> = Set(
    ["execve", "execveat"].compactMap { FilterProgram.number(of: $0) })
}
