/// What Landlock lets a process do with files, in the kernel's own numbers (`landlock(7)`).
///
/// A rule gives rights to a path and to everything beneath it. They add up: what a directory gives
/// cannot be taken back further down.
public struct PathRights: OptionSet, Hashable, Sendable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  private init(bit: UInt64) { rawValue = 1 << bit }

  public static let execute = PathRights(bit: 0)
  public static let writeFile = PathRights(bit: 1)
  public static let readFile = PathRights(bit: 2)
  public static let readDirectory = PathRights(bit: 3)
  public static let removeDirectory = PathRights(bit: 4)
  public static let removeFile = PathRights(bit: 5)
  public static let makeCharacterDevice = PathRights(bit: 6)
  public static let makeDirectory = PathRights(bit: 7)
  public static let makeFile = PathRights(bit: 8)
  public static let makeSocket = PathRights(bit: 9)
  public static let makePipe = PathRights(bit: 10)
  public static let makeBlockDevice = PathRights(bit: 11)
  public static let makeLink = PathRights(bit: 12)
  /// Moving and linking between directories.
  public static let refer = PathRights(bit: 13)
  public static let truncate = PathRights(bit: 14)
  /// `ioctl` on devices that are opened from now on.
  public static let controlDevice = PathRights(bit: 15)
  /// Connecting to sockets with a name, but for those that the restricted processes made.
  public static let connectSocket = PathRights(bit: 16)

  /// All rights that a version of Landlock's interface knows.
  static func known(to version: Int) -> PathRights {
    let bits: UInt64 =
      switch version {
      case ...0: 0
      case 1: 13
      case 2: 14
      case 3...4: 15
      case 5...8: 16
      default: 17
      }
    return PathRights(rawValue: 1 << bits - 1)
  }

  /// Those that a file can have; a rule for a file with any other is an error of the kernel's.
  public static let ofFiles: PathRights = [
    .execute, .writeFile, .readFile, .truncate, .controlDevice, .connectSocket,
  ]
}

/// What may be done at a path and beneath it.
public struct PathRule: Hashable, Sendable {
  public let path: String
  public let rights: PathRights

  public init(_ path: String, _ rights: PathRights) {
    self.path = path
    self.rights = rights
  }
}
