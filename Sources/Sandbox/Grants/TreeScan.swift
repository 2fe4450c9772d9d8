import CLinux
import Glibc
import Kernel

/// One look through a granted directory, for what a mount cannot hold back.
///
/// No link is followed, mounts inside are walked through as they will appear inside, and only
/// directories are opened: a tree of a hundred thousand names takes about a tenth of a second.
struct TreeScan: ~Copyable {
  /// What is looked for. An inode's number is compared first, and its device only where that fits.
  struct Wanted {
    /// Files of Cordon's own and of the launch that have a second name somewhere.
    var linked: Set<FileIdentity> = []
  }

  struct Found: Equatable {
    /// Unix sockets and named pipes: a read-only mount stops neither `connect` nor a pipe's writer.
    var channels: [String] = []
    /// Directories with an entry called `.git`.
    var repositories: [String] = []
    /// Further names of files that were wanted.
    var linked: [String] = []
    /// Directories that could not be read though a server may enter them.
    var unread: [String] = []
    /// Names seen.
    var entries = 0
    /// Whether the bound was reached before the end.
    var isCut = false
  }

  /// More names than this are not looked at.
  static let mostEntries = 500_000

  private let root: String
  private let directory: OwnedDescriptor
  private let wanted: Wanted
  private let wantedInodes: Set<UInt64>
  private let skipped: Set<[UInt8]>
  private let limit: Int
  private var pending: [[UInt8]] = []
  private(set) var found = Found()

  private static let git = Array(".git".utf8)

  /// - Parameters:
  ///   - root: free of symbolic links.
  ///   - skipping: paths below it that are somebody else's to look through.
  static func run(
    _ root: String, wanted: Wanted = Wanted(), skipping: [String] = [], limit: Int = mostEntries
  ) throws(SystemError) -> Found {
    let depth = Path.components(root).count
    let skipped = Set(
      skipping.map { Array(Path.components($0).dropFirst(depth).joined(separator: "/").utf8) })
    var scan = TreeScan(
      root: root,
      directory: OwnedDescriptor(
        owning: try check("open", root) {
          unsafe clinux_open_beneath(
            AT_FDCWD, root, clinux_o_path | O_DIRECTORY, clinux_without_links)
        }),
      wanted: wanted, skipped: skipped, limit: limit)
    try scan.walk()
    return scan.found
  }

  private init(
    root: String, directory: consuming OwnedDescriptor, wanted: Wanted, skipped: Set<[UInt8]>,
    limit: Int
  ) {
    self.root = root
    self.directory = directory
    self.wanted = wanted
    self.skipped = skipped
    self.limit = limit
    wantedInodes = Set(wanted.linked.map(\.inode))
  }

  private mutating func walk() throws(SystemError) {
    var reader = DirectoryReader()
    pending = [[]]
    while let relative = pending.popLast() {
      guard found.entries < limit else {
        found.isCut = true
        return
      }
      let raw = open(relative)
      guard raw >= 0 else {
        try note(Errno.current, at: relative)
        continue
      }
      let opened = OwnedDescriptor(owning: raw)
      try opened.withRaw { (raw) throws(SystemError) in
        try reader.read(raw, subject: path(relative)) { (entry) throws(SystemError) in
          try see(entry, in: relative, raw)
        }
      }
    }
  }

  private func open(_ relative: [UInt8]) -> Int32 {
    let name = (relative.isEmpty ? [UInt8(ascii: ".")] : relative).map { CChar(bitPattern: $0) }
    return directory.withRaw { (raw) in
      unsafe clinux_open_beneath(
        raw, name + [0], O_RDONLY | O_DIRECTORY | O_NONBLOCK,
        clinux_without_links | clinux_beneath)
    }
  }

  private mutating func see(
    _ entry: DirectoryReader.Entry, in relative: [UInt8], _ raw: Int32
  ) throws(SystemError) {
    found.entries += 1
    if entry.name.elementsEqual(Self.git) { add(relative, to: \.repositories) }
    let kind: FileStatus.Kind
    if let told = entry.kind {
      kind = told
    } else if let looked = try status(entry, in: relative, raw) {
      kind = looked.kind
    } else {
      return
    }
    switch kind {
    case .directory:
      let below = join(relative, entry.name)
      if skipped.isEmpty || !skipped.contains(below) { pending.append(below) }
    case .socket, .fifo:
      let below = join(relative, entry.name)
      if skipped.isEmpty || !skipped.contains(below) { add(below, to: \.channels) }
    case .regular:
      guard !wantedInodes.isEmpty, wantedInodes.contains(entry.inode),
        let status = try status(entry, in: relative, raw),
        wanted.linked.contains(FileIdentity(status))
      else { return }
      add(join(relative, entry.name), to: \.linked)
    case .symbolicLink, .characterDevice, .blockDevice, .unknown:
      // A link leads nowhere but to what the sandbox shows; device nodes are closed by nodev.
      return
    }
  }

  /// A path that is no text cannot be named in a plan, and counts as not looked at.
  private mutating func add(_ relative: [UInt8], to list: WritableKeyPath<Found, [String]>) {
    let isText = String(validating: relative, as: UTF8.self) != nil
    found[keyPath: isText ? list : \.unread].append(path(relative))
  }

  /// Nil where the name is gone by now.
  private func status(
    _ entry: DirectoryReader.Entry, in relative: [UInt8], _ raw: Int32
  ) throws(SystemError) -> FileStatus? {
    do throws(SystemError) {
      return try Files.status(Array(entry.name), in: raw, subject: path(join(relative, entry.name)))
    } catch  where error.errno.code == ENOENT {
      return nil
    }
  }

  /// A directory that cannot be read: gone, closed to the server as well, or unseen.
  private mutating func note(_ errno: Errno, at relative: [UInt8]) throws(SystemError) {
    switch errno.code {
    case ENOENT where !relative.isEmpty:
      return
    case EACCES where isClosed(relative):
      return
    case EMFILE, ENFILE, ENOMEM:
      throw SystemError(step: "open", subject: path(relative), errno: errno)
    default:
      found.unread.append(path(relative))
    }
  }

  /// Whether neither this user nor others may pass: then no name in it can be reached either.
  private func isClosed(_ relative: [UInt8]) -> Bool {
    let path = path(relative)
    guard unsafe faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0 else { return false }
    do throws(SystemError) {
      return try Files.status(path, follow: false).mode & 0o001 == 0
    } catch {
      return error.errno.code == EACCES
    }
  }

  private func join(_ relative: [UInt8], _ name: ArraySlice<UInt8>) -> [UInt8] {
    relative.isEmpty ? Array(name) : relative + [UInt8(ascii: "/")] + name
  }

  private func path(_ relative: [UInt8]) -> String {
    relative.isEmpty ? root : Path.join(root, String(decoding: relative, as: UTF8.self))
  }
}
