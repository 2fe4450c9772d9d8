import Glibc
import Kernel
import Profile

/// A limit that a server ran into, as the kernel counted it.
public enum LimitHit: Equatable, Sendable {
  /// Bytes, and how many processes were killed for it; nil where all were.
  case memory(UInt64, killed: UInt64?)
  /// Processes, and how many forks were refused.
  case processes(UInt64, refused: UInt64)
  /// Bytes of one file; the server was ended by `SIGXFSZ`.
  case fileSize(UInt64)
  /// A file system that had no room left when the server ended; its size where it is the sandbox's
  /// own.
  case fileSystem(path: String, bytes: UInt64?)

  public var isMemory: Bool {
    if case .memory = self { return true }
    return false
  }

  /// Whether a server that runs into it hardly lives on.
  public var isFatal: Bool {
    if case .processes = self { return false }
    return true
  }

  /// What the server did, for people and for the host: what follows "the server".
  public var text: String {
    switch self {
    case .memory(let limit, nil):
      "exceeded its memory limit of \(Self.size(limit)) and was killed"
    case .memory(let limit, let killed?):
      "exceeded its memory limit of \(Self.size(limit)): the kernel killed "
        + (killed == 1 ? "one of its processes" : "\(killed) of its processes")
    case .processes(let limit, let refused):
      "reached its limit of \(limit) processes and threads: "
        + (refused == 1 ? "one more was refused" : "\(refused) more were refused")
    case .fileSize(let limit): "wrote more to a file than its limit of \(Self.size(limit))"
    case .fileSystem(let path, let bytes?): "had no room left in its \(path) of \(Self.size(bytes))"
    case .fileSystem(let path, nil): "had no room left on the disk of its \(path)"
    }
  }

  /// The profile's field that gives more.
  public var hint: String? {
    switch self {
    case .memory: "give it more in the profile: limits.memory"
    case .processes: "give it more in the profile: limits.processes"
    case .fileSize: "give it more in the profile: limits.fileSize"
    case .fileSystem(_, .some): "give it more in the profile: filesystem.temporary"
    case .fileSystem(_, nil): nil
    }
  }

  private static func size(_ bytes: UInt64) -> String {
    SizeValue(bytes: Int(clamping: bytes)).description
  }
}

extension ControlGroups {
  /// What the kernel has counted since the launch. A file that cannot be read tells nothing.
  public func hits(of request: LimitRequest) -> [LimitHit] {
    var hits: [LimitHit] = []
    for group in plan.groups {
      if group.limits.contains(.memory) {
        // Version 2 takes the whole group (`memory.oom.group`), and counts the first one twice.
        let isWhole = group.version == .two
        let file = isWhole ? "memory.events" : "memory.oom_control"
        let killed = Self.counter("oom_kill", in: "\(group.path)/\(file)")
        if killed > 0 { hits.append(.memory(request.memory, killed: isWhole ? nil : killed)) }
      }
      if group.limits.contains(.processes) {
        let refused = Self.counter("max", in: "\(group.path)/pids.events")
        if refused > 0 { hits.append(.processes(request.processes, refused: refused)) }
      }
    }
    return hits
  }

  /// The number behind a word, in lines of a word and a number.
  static func counter(_ word: String, in path: String) -> UInt64 {
    do throws(SystemError) {
      return counter(word, inText: try Files.read(path, limit: 64 << 10))
    } catch {
      return 0
    }
  }

  static func counter(_ word: String, inText text: [UInt8]) -> UInt64 {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "))
      guard parts.count == 2, parts[0].elementsEqual(word.utf8) else { continue }
      return UInt64(String(decoding: parts[1], as: UTF8.self)) ?? 0
    }
    return 0
  }
}
