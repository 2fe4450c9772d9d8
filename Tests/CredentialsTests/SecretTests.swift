import Credentials
import Glibc
import Kernel
import Testing

@Suite struct SecretTests {
  @Test func valueIsNeverPrinted() throws {
    let secret = try Secret(name: "TOKEN", value: Array("hunter2".utf8))
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("104"), "the first byte as a number")
      #expect(text.contains("TOKEN"))
    }
  }

  @Test(arguments: [
    ("TOKEN", "", SecretError.empty("TOKEN")),
    ("TOKEN", "abc", .tooShort("TOKEN")),
    ("TOKEN", "ab\0cd", .containsNUL("TOKEN")),
    ("A B", "abcd", .invalidName("A B")),
    ("1A", "abcd", .invalidName("1A")),
    ("", "abcd", .invalidName("")),
    ("TÖKEN", "abcd", .invalidName("TÖKEN")),
  ])
  func refused(name: String, value: String, error: SecretError) {
    #expect(throws: error) { try Secret(name: name, value: Array(value.utf8)) }
  }

  @Test func valueThatIsTooLong() {
    let value = [UInt8](repeating: 0x78, count: Secret.maximumLength + 1)
    #expect(throws: SecretError.tooLong("TOKEN")) { try Secret(name: "TOKEN", value: value) }
  }
}

@Suite struct SecretSourceTests {
  @Test(arguments: [
    ("env:TOKEN", SecretSource.environment("TOKEN")),
    ("file:/run/secrets/token", .file("/run/secrets/token")),
    ("file:~/token", .file("/home/u/token")),
    ("file:/a:b", .file("/a:b")),
  ])
  func known(text: String, source: SecretSource) throws {
    #expect(try SecretSource.parse(text, home: "/home/u") == source)
  }

  @Test(arguments: [
    ("vault:x", SecretError.unknownSource("vault")),
    ("hunter2", .unknownSource("")),
    ("a-password-with-a-colon:in-it", .unknownSource("")),
    ("env:", .invalidVariable),
    ("env:A=B", .invalidVariable),
    ("file:token", .relativePath("token")),
    ("file:", .relativePath("")),
    ("ENV:TOKEN", .unknownSource("ENV")),
  ])
  func unknown(text: String, error: SecretError) {
    #expect(throws: error) { try SecretSource.parse(text) }
    #expect(!error.description.contains("hunter2"))
  }

  @Test func variableIsLookedUp() throws {
    let source = SecretSource.environment("TOKEN")
    let secret = try source.read(name: "X") { $0 == "TOKEN" ? Array("abcd".utf8) : nil }
    #expect(secret.value == Array("abcd".utf8) && secret.name == "X")
    #expect(throws: SecretError.unset(variable: "TOKEN")) {
      try source.read(name: "X") { _ in nil }
    }
    #expect(SecretSource.variable("PATH") != nil)
    #expect(SecretSource.variable("CORDON_NO_SUCH_VARIABLE") == nil)
  }
}

@Suite struct SecretFileTests: ~Copyable {
  private let directory: String

  init() throws {
    directory = "/tmp/cordon-secrets-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try Files.makeDirectories(directory, mode: 0o700)
  }

  deinit {
    for name in (try? Files.list(directory)) ?? [] { try? Files.remove("\(directory)/\(name)") }
    try? Files.remove(directory)
  }

  private func read(_ text: String, mode: UInt32 = 0o600) throws -> String {
    let path = "\(directory)/secret"
    try Files.replace(path, with: Array(text.utf8), mode: 0o600)
    unsafe chmod(path, mode)
    let secret = try SecretSource.file(path).read(name: "X") { _ in nil }
    return String(decoding: secret.value, as: UTF8.self)
  }

  @Test func oneTrailingNewlineIsTakenOff() throws {
    #expect(try read("hunter2") == "hunter2")
    #expect(try read("hunter2\n") == "hunter2")
    #expect(try read("hunter2\r\n") == "hunter2")
    #expect(try read("hunter2\n\n") == "hunter2\n")
  }

  @Test func groupMayReadAndNobodyElse() throws {
    #expect(try read("hunter2", mode: 0o440) == "hunter2")
    for mode: UInt32 in [0o604, 0o644, 0o602, 0o620, 0o666] {
      let error = #expect(throws: SecretError.self) { try read("hunter2", mode: mode) }
      guard case .exposed? = error else {
        Issue.record("mode \(mode): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func sizeIsLimited() throws {
    let most = String(repeating: "x", count: Secret.maximumLength)
    #expect(try read(most + "\n") == most)
    #expect(throws: SecretError.tooLong("X")) { try read(most + "xx") }
    #expect(throws: SecretError.tooLong("X")) { try read(most + "xxxxx") }
  }

  /// Opening a FIFO that nobody writes to would wait for ever.
  @Test(.timeLimit(.minutes(1)))
  func onlyARegularFile() throws {
    let fifo = "\(directory)/fifo"
    unsafe #expect(mkfifo(fifo, 0o600) == 0)
    for path in [fifo, "/dev/zero"] {
      #expect(throws: SecretError.notRegular(path: path)) {
        try SecretSource.file(path).read(name: "X") { _ in nil }
      }
    }
    #expect(throws: SecretError.notRegular(path: directory)) {
      try SecretSource.file(directory).read(name: "X") { _ in nil }
    }
  }

  @Test func missingFileIsTheKernelsError() throws {
    let error = #expect(throws: SecretError.self) {
      try SecretSource.file("\(directory)/none").read(name: "X") { _ in nil }
    }
    guard case .system(let cause)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.errno.code == ENOENT)
  }
}
