import Kernel
import Testing

@testable import Sandbox

@Suite struct CommandLibraryTests {
  /// The smallest dynamic program that says what it needs, with this machine's header.
  static func program(
    loader: String?, needed: [String], runPath: String?, tag: UInt64 = 29
  ) throws -> [UInt8] {
    var strings: [UInt8] = [0]
    func string(_ text: String) -> UInt64 {
      defer { strings += Array(text.utf8) + [0] }
      return UInt64(strings.count)
    }
    var dynamic: [(UInt64, UInt64)] = needed.map { (1, string($0)) }
    if let runPath { dynamic.append((tag, string(runPath))) }
    let headers = 64 + 56 * 3
    let dynamicSize = (dynamic.count + 2) * 16
    let stringsAt = headers + dynamicSize
    dynamic += [(5, 0x40_0000 + UInt64(stringsAt)), (0, 0)]
    let loaderAt = stringsAt + strings.count
    let loaderText: [UInt8] = loader.map { Array($0.utf8) + [0 as UInt8] } ?? []
    let total = UInt64(loaderAt + loaderText.count)

    var bytes = try Array(Files.read("/proc/self/exe", limit: 1 << 30).prefix(64))
    func put(_ value: UInt64, _ width: Int, at offset: Int) {
      for index in 0..<width {
        bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
      }
    }
    put(64, 8, at: 32)
    put(56, 2, at: 54)
    put(3, 2, at: 56)
    func number(_ value: UInt64, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
    func segment(_ type: UInt64, _ offset: Int, _ size: UInt64) -> [UInt8] {
      let address = 0x40_0000 + UInt64(offset)
      return number(type, 4) + number(5, 4) + number(UInt64(offset), 8) + number(address, 8)
        + number(address, 8) + number(size, 8) + number(size, 8) + number(0x1000, 8)
    }
    bytes += segment(1, 0, total)
    bytes += segment(2, headers, UInt64(dynamicSize))
    bytes += segment(loader == nil ? 0 : 3, loaderAt, UInt64(loaderText.count))
    for (tag, value) in dynamic { bytes += number(tag, 8) + number(value, 8) }
    return bytes + strings + loaderText
  }

  @Test func readsWhatAProgramNeeds() throws {
    let tree = try CommandTree()
    for tag in [UInt64(15), 29] {
      let bytes = try Self.program(
        loader: "/lib/loader", needed: ["libone.so", "libtwo.so.1"],
        runPath: "$ORIGIN/../lib:/opt/x",
        tag: tag)
      try tree.write(bytes, to: tree.path("program"))
      #expect(
        try DynamicObject.read(tree.path("program"))
          == DynamicObject(
            loader: "/lib/loader", needed: ["libone.so", "libtwo.so.1"],
            searchPath: ["$ORIGIN/../lib", "/opt/x"]))
    }
  }

  @Test func showsLibrariesBesideAProgram() throws {
    let tree = try CommandTree()
    try Files.makeDirectories(tree.path("app/lib"), mode: 0o755)
    let loader = tree.path("app/lib/loader.so")
    func write(_ name: String, _ bytes: [UInt8]) throws {
      try tree.write(bytes, to: tree.path("app/\(name)"))
    }
    try write("lib/loader.so", Self.program(loader: nil, needed: [], runPath: nil))
    try write("lib/libdeep.so", Self.program(loader: nil, needed: [], runPath: nil))
    try write(
      "lib/libreal.so.1", Self.program(loader: nil, needed: ["libdeep.so"], runPath: "${ORIGIN}"))
    try tree.link("app/lib/libone.so", to: "libreal.so.1")
    try write(
      "program",
      Self.program(
        loader: loader, needed: ["libone.so", "libc.so.6", "libnowhere.so"], runPath: "$ORIGIN/lib")
    )
    let command = try tree.resolve(tree.path("app/program"))
    #expect(
      tree.shown(command) == [
        "app/lib/libdeep.so", "app/lib/libone.so -> libreal.so.1", "app/lib/libreal.so.1",
        "app/lib/loader.so", "app/program",
      ])
    #expect(command.warnings.count == 1)
    #expect(command.warnings.first?.contains("libnowhere.so") == true)
  }

  /// A static program can call any file its library: nothing loads it, so nothing would complain.
  @Test func onlyALibraryIsShownAsOne() throws {
    let tree = try CommandTree()
    try Files.makeDirectories(tree.path("app"), mode: 0o755)
    try tree.write(Array("PRIVATE KEY".utf8), to: tree.path("secret"))
    try tree.write(
      Self.program(loader: nil, needed: [tree.path("secret")], runPath: nil),
      to: tree.path("app/program"))
    let command = try tree.resolve(tree.path("app/program"))
    #expect(tree.shown(command) == ["app/program"])
    #expect(command.warnings.contains { $0.contains(tree.path("secret")) })
  }

  @Test func missingLoaderIsAnError() throws {
    let tree = try CommandTree()
    let bytes = try Self.program(loader: "/no/loader", needed: [], runPath: nil)
    try tree.write(bytes, to: tree.path("program"))
    #expect(throws: CommandError.interpreter("/no/loader", script: tree.path("program"))) {
      try tree.resolve(tree.path("program"))
    }
  }

  @Test func brokenHeadersAreHarmless() throws {
    let tree = try CommandTree()
    let good = try Self.program(loader: "/bin/sh", needed: ["libc.so.6"], runPath: "/x")
    for index in 20..<good.count {
      for value in [UInt8(0), 0x7F, 0xFF] {
        var bytes = good
        bytes[index] = value
        try tree.write(bytes, to: tree.path("broken"))
        _ = try? DynamicObject.read(tree.path("broken"))
      }
    }
    for length in stride(from: 20, to: good.count, by: 7) {
      try tree.write(Array(good.prefix(length)), to: tree.path("broken"))
      _ = try? DynamicObject.read(tree.path("broken"))
    }
  }

  @Test func readsThePrograms() throws {
    let shell = try DynamicObject.read(Files.realPath("/bin/sh"))
    #expect(shell.loader != nil)
    #expect(shell.needed.contains("libc.so.6"))
  }
}
