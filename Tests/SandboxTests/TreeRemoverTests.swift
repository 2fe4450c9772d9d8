import Glibc
import Kernel
import Testing

@testable import Sandbox

@Suite struct TreeRemoverTests {
  /// A directory below which a test makes a tree; gone afterwards, whatever the test left.
  private func withTree(_ body: (String, Int32) throws -> Void) throws {
    // In memory: thousands of directories take seconds on a disk.
    let path = "/dev/shm/cordon-tree-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeDirectories(path, mode: 0o700)
    let top = try Files.open(path, flags: O_RDONLY | O_DIRECTORY).release()
    defer {
      var last = TreeRemover(top: top)
      _ = last.run()
      close(top)
      try? Files.remove(path)
    }
    try body(path, top)
  }

  private func isEmpty(_ path: String) throws -> Bool { try Files.list(path).isEmpty }

  @Test func whatIsNoDirectoryGoesByItsName() throws {
    try withTree { path, top in
      let outside = path + "-kept"
      try Files.makeDirectories(outside, mode: 0o700)
      defer { try? Files.remove(outside) }
      for name in ["plain", "a\nb", " ", "-rf", "*", "\u{202E}x"] {
        try Files.replace("\(path)/\(name)", with: [1], mode: 0o000)
      }
      try check("symlink", "dangling") { unsafe symlink("/nowhere", path + "/dangling") }
      try check("symlink", "directory") { unsafe symlink(outside, path + "/link") }
      try check("symlink", "up") { unsafe symlink("..", path + "/up") }
      try check("mkfifo", "fifo") { unsafe mkfifo(path + "/fifo", 0) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      // The path is short enough for the structure, which begins as zeros.
      unsafe withUnsafeMutableBytes(of: &address.sun_path) {
        unsafe $0.copyBytes(from: Array((path + "/socket").utf8))
      }
      let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(raw) }
      try check("bind", "socket") {
        unsafe withUnsafePointer(to: &address) { pointer in
          unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
      }
      var remover = TreeRemover(top: top)
      #expect(remover.run() == nil)
      #expect(remover.removed == 11)
      #expect(try isEmpty(path))
      #expect(Files.exists(outside))
    }
  }

  @Test func namesThatAreNotTextGoToo() throws {
    try withTree { path, top in
      for byte in UInt8(1)...255 where byte != UInt8(ascii: "/") && byte != UInt8(ascii: ".") {
        let name = [CChar(bitPattern: byte), 0]
        try check("mkdir", "\(byte)") { unsafe mkdirat(top, name, 0o700) }
        try check("symlink", "\(byte)") {
          unsafe symlinkat("x", top, [CChar(bitPattern: byte), CChar(bitPattern: 0xFF), 0])
        }
      }
      var remover = TreeRemover(top: top)
      #expect(remover.run() == nil)
      #expect(try isEmpty(path))
    }
  }

  /// Deeper than any path can name, and than descriptors would reach.
  @Test(arguments: [1, 32, 33, 34, 2100])
  func anyDepth(_ depth: Int) throws {
    try withTree { path, top in
      var deep = OwnedDescriptor(
        owning: try check("open", ".") { unsafe openat(top, ".", O_RDONLY) })
      for _ in 0..<depth {
        let next = try deep.withRaw { (raw) throws in
          try check("mkdir", "d") { unsafe mkdirat(raw, "d", 0o700) }
          try check("symlink", "l") { unsafe symlinkat("d/../d", raw, "l") }
          return try check("open", "d") { unsafe openat(raw, "d", O_RDONLY | O_DIRECTORY) }
        }
        deep = OwnedDescriptor(owning: next)
      }
      var remover = TreeRemover(top: top)
      #expect(remover.run() == nil)
      #expect(remover.removed == UInt64(2 * depth))
      #expect(try isEmpty(path))
    }
  }

  @Test func aWideAndDeepTreeInATightBound() throws {
    try withTree { path, top in
      func grow(_ path: String, _ depth: Int) throws {
        for name in ["a", "b", "c"] {
          try Files.makeDirectories("\(path)/\(name)", mode: 0o700)
          if depth > 0 { try grow("\(path)/\(name)", depth - 1) }
        }
      }
      try grow(path, 5)
      var remover = TreeRemover(top: top, deepest: 2)
      #expect(remover.run() == nil)
      #expect(remover.removed == 3 + 9 + 27 + 81 + 243 + 729)
      #expect(try isEmpty(path))
    }
  }

  /// What cannot go is named, and everything else goes.
  @Test func whatIsLeftIsNamed() throws {
    try withTree { path, top in
      try Files.makeDirectories("\(path)/a/held", mode: 0o700)
      try Files.replace("\(path)/a/held/x", with: [1], mode: 0o600)
      try Files.replace("\(path)/a/y", with: [1], mode: 0o600)
      try Files.replace("\(path)/z", with: [1], mode: 0o600)
      guard geteuid() != 0 else {
        // Root can do everything here; a mount is what holds it up, in the end-to-end tests.
        return
      }
      try check("chmod", "held") { unsafe chmod(path + "/a/held", 0o500) }
      defer { unsafe _ = chmod(path + "/a/held", 0o700) }
      var remover = TreeRemover(top: top)
      let left = remover.run()
      #expect(left == .init(path: Array("a/held/x".utf8), errno: Errno(EACCES)))
      #expect(remover.removed == 2)
    }
  }
}
