import Glibc
import Kernel
import Testing

@testable import Egress

@Suite struct ResolverTests {
  private static let four = IPAddress.v4(0x0101_0101)
  private static let six = IPAddress.v6(0x2606_4700 << 32, 1)

  @Test func bothFamiliesAreAskedForAndKept() throws {
    let world = try World { name, type, _ in
      Self.reply(type == 1 ? [Self.four] : [Self.six])
    }
    world.resolver.resolve(Array("a.test".utf8), ticket: 7, at: 1)
    let answers = world.run()
    #expect(answers.map(\.ticket) == [7])
    #expect(try answers[0].result.get() == [Self.six, Self.four])
    #expect(world.server.questions.map(\.name) == ["a.test", "a.test"])
    #expect(Set(world.server.questions.map(\.type)) == [1, 28])
    // Kept, but not for longer than a minute.
    world.resolver.resolve(Array("a.test".utf8), ticket: 8, at: Clock.monotonicNanoseconds())
    #expect(world.resolver.takeAnswers().map(\.ticket) == [8])
    let later = Clock.monotonicNanoseconds() + 60_000_000_001
    world.resolver.resolve(Array("a.test".utf8), ticket: 9, at: later)
    #expect(world.resolver.takeAnswers().isEmpty)
    #expect(world.run().map(\.ticket) == [9])
    #expect(world.server.questions.count == 4)
  }

  @Test func thoseWhoAskForTheSameAreAnsweredTogether() throws {
    let world = try World { _, type, _ in Self.reply(type == 1 ? [Self.four] : []) }
    for ticket in 1...3 as ClosedRange<UInt64> {
      world.resolver.resolve(Array("a.test".utf8), ticket: ticket, at: 1)
    }
    world.resolver.cancel(ticket: 2)
    #expect(world.run(answers: 2).map(\.ticket) == [1, 3])
    #expect(world.server.questions.count == 2)
  }

  @Test func aFamilyThatIsSilentIsNotWaitedFor() throws {
    // Its silence would last six seconds.
    let world = try World(patience: 2000) { _, type, _ in
      type == 1 ? Self.reply([Self.four]) : nil
    }
    world.resolver.resolve(Array("a.test".utf8), ticket: 1, at: 0)
    let answers = world.run()
    #expect(try answers[0].result.get() == [Self.four])
  }

  @Test func failuresAreToldApart() throws {
    let world = try World { name, type, _ in
      switch name {
      case "none.test": [0x81, 0x83, 0, 0]
      case "empty.test": [0x81, 0x80, 0, 0]
      case "broken.test": [0x81, 0x82, 0, 0]
      default: nil
      }
    }
    let cases: [(String, Resolver.Failure)] = [
      ("none.test", .noSuchName), ("empty.test", .noSuchName), ("broken.test", .noAnswer),
      ("silent.test", .noAnswer), ("a..test", .noSuchName),
      (String(repeating: "a", count: 64) + ".test", .noSuchName),
    ]
    for (name, failure) in cases {
      world.resolver.resolve(Array(name.utf8), ticket: 1, at: 0)
      #expect(world.run().map(\.result) == [.failure(failure)], "\(name)")
    }
  }

  @Test func aFailureIsKeptForSeconds() throws {
    let world = try World { name, _, _ in
      name == "none.test" ? [0x81, 0x83, 0, 0] : [0x81, 0x82, 0, 0]
    }
    let failures: [(String, Resolver.Failure)] = [
      ("none.test", .noSuchName), ("broken.test", .noAnswer),
    ]
    for (name, failure) in failures {
      let bytes = Array(name.utf8)
      world.resolver.resolve(bytes, ticket: 1, at: Clock.monotonicNanoseconds())
      #expect(world.run().map(\.result) == [.failure(failure)])
      let asked = world.server.questions.count
      world.resolver.resolve(bytes, ticket: 2, at: Clock.monotonicNanoseconds())
      #expect(world.resolver.takeAnswers().map(\.result) == [.failure(failure)])
      let later = Clock.monotonicNanoseconds() + 3_000_000_001
      world.resolver.resolve(bytes, ticket: 3, at: later)
      #expect(world.resolver.takeAnswers().isEmpty)
      #expect(world.run().map(\.result) == [.failure(failure)])
      #expect(world.server.questions.count > asked)
    }
  }

  @Test func anAnswerIsKeptForASecondAtLeast() throws {
    let world = try World { _, type, _ in
      let list = type == 1 ? [Self.four] : []
      return [0x81, 0x80, 0, UInt8(list.count)] + NameServer.addresses(list, seconds: 0)
    }
    world.resolver.resolve(Array("a.test".utf8), ticket: 1, at: Clock.monotonicNanoseconds())
    #expect(try world.run()[0].result.get() == [Self.four])
    world.resolver.resolve(Array("a.test".utf8), ticket: 2, at: Clock.monotonicNanoseconds())
    #expect(try world.resolver.takeAnswers().first?.result.get() == [Self.four])
    let later = Clock.monotonicNanoseconds() + 1_000_000_001
    world.resolver.resolve(Array("a.test".utf8), ticket: 3, at: later)
    #expect(world.resolver.takeAnswers().isEmpty)
  }

  @Test func aLongAnswerComesOverTCP() throws {
    let world = try World { _, type, isStream in
      guard type == 1 else { return Self.reply([]) }
      return isStream ? Self.reply([Self.four]) : [0x83, 0x80, 0, 0]
    }
    world.resolver.resolve(Array("a.test".utf8), ticket: 1, at: 0)
    #expect(try world.run()[0].result.get() == [Self.four])
    #expect(world.server.questions.contains { $0.isStream })
  }

  @Test func theHostsFileComesFirstAndItsChangesCount() throws {
    let world = try World { _, type, _ in Self.reply(type == 1 ? [Self.four] : []) }
    try world.write("hosts", "10.9.8.7 a.test\n")
    world.resolver.resolve(Array("a.test".utf8), ticket: 1, at: 0)
    #expect(try world.run()[0].result.get() == [.v4(0x0A09_0807)])
    try world.write("hosts", "10.9.8.6 a.test\n2600::1 A.TEST\n")
    world.resolver.resolve(Array("a.test".utf8), ticket: 2, at: 1)
    #expect(try world.run()[0].result.get() == [.v4(0x0A09_0806), .v6(0x2600 << 48, 1)])
    #expect(world.server.questions.isEmpty)
    try world.write("hosts", "")
    world.resolver.resolve(Array("a.test".utf8), ticket: 3, at: 2)
    #expect(try world.run()[0].result.get() == [Self.four])
  }

  @Test func aNewConfigurationCountsFromTheNextQuestionOn() throws {
    let world = try World { _, type, _ in Self.reply(type == 1 ? [Self.four] : []) }
    try world.write("resolv.conf", "nameserver 127.0.0.2\n")
    // Nobody is there.
    world.resolver.resolve(Array("a.test".utf8), ticket: 1, at: 0)
    #expect(world.run().map(\.result) == [.failure(.noAnswer)])
    #expect(world.server.questions.isEmpty)
    try world.write("resolv.conf", "search elsewhere.test\noptions ndots:5\nnameserver 127.0.0.1\n")
    world.resolver.resolve(Array("a.test".utf8), ticket: 2, at: 1)
    #expect(try world.run()[0].result.get() == [Self.four])
    #expect(Set(world.server.questions.map(\.name)) == ["a.test"])
  }

  /// In a process of its own: the environment belongs to all of one.
  @Test func theEnvironmentHasNoSay() async {
    await #expect(processExitsWith: .success) {
      let aliases = "/tmp/cordon-aliases-\(getpid())"
      try Files.replace(aliases, with: Array("single evil.test\n".utf8), mode: 0o600)
      defer { unsafe unlink(aliases) }
      for (name, value) in [
        ("LOCALDOMAIN", "evil.test"), ("HOSTALIASES", aliases), ("CARES_HOSTS", aliases),
        ("RES_OPTIONS", "ndots:9 attempts:9 timeout:9 retrans:9000 rotate"),
      ] { _ = unsafe setenv(name, value, 1) }
      let world = try World { name, type, _ in
        name == "single" || name == "a.test" ? [0x81, 0x83, 0, 0] : nil
      }
      for name in ["single", "a.test"] {
        world.resolver.resolve(Array(name.utf8), ticket: 1, at: 0)
        let results = world.run().map(\.result)
        guard results == [.failure(.noSuchName)] else { exit(1) }
      }
      guard Set(world.server.questions.map(\.name)) == ["single", "a.test"] else { exit(2) }
      exit(0)
    }
  }

  /// In a process of its own, since others open files too.
  @Test func nothingStaysOpen() async {
    await #expect(processExitsWith: .success) {
      let before = Self.descriptors()
      do {
        let world = try World { _, type, isStream in
          isStream ? Self.reply([Self.four]) : [0x83, 0x80, 0, 0]
        }
        for index in 0..<200 {
          world.resolver.resolve(Array("n\(index).test".utf8), ticket: UInt64(index), at: 0)
        }
        // Some are answered, and others are still asked for when the resolver goes.
        guard world.run(answers: 50).count >= 50 else { exit(1) }
        guard Self.descriptors() > before else { exit(2) }
      }
      exit(Self.descriptors() == before ? 0 : 3)
    }
  }

  /// Sockets and epoll's own. The tests' library opens timers of its own when it likes.
  private static func descriptors() -> Int {
    (0..<1024 as Range<Int32>).filter { raw in
      var bytes = [CChar](repeating: 0, count: 64)
      let count = unsafe readlink("/proc/self/fd/\(raw)", &bytes, bytes.count)
      let kind = String(
        decoding: bytes.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
      return kind.hasPrefix("socket:") || kind.hasPrefix("anon_inode:[eventpoll]")
    }.count
  }

  /// Flags and number of records, and the records.
  private static func reply(_ addresses: [IPAddress]) -> [UInt8] {
    [0x81, 0x80, 0, UInt8(addresses.count)] + NameServer.addresses(addresses)
  }
}

/// A resolver with files of its own and one server, both driven by the test's thread.
private final class World {
  let server: NameServer
  let resolver: Resolver
  private let folder: String

  init(patience: Int32 = 50, _ answer: @escaping (String, UInt16, Bool) -> [UInt8]?) throws {
    var name = Array("/tmp/cordon-names-XXXXXX".utf8CString)
    let made = unsafe mkdtemp(&name).map { unsafe String(cString: $0) }
    folder = try #require(made)
    // Another test's socket may have the port of TCP that belongs to the one of UDP.
    var free = NameServer(answer)
    for _ in 0..<20 where free == nil { free = NameServer(answer) }
    server = try #require(free)
    try Files.replace("\(folder)/hosts", with: [], mode: 0o600)
    try Files.replace(
      "\(folder)/resolv.conf", with: Array("nameserver 127.0.0.1\n".utf8), mode: 0o600)
    resolver = try Resolver(
      NameService.Settings(
        configuration: "\(folder)/resolv.conf", port: server.port, patience: patience),
      hosts: "\(folder)/hosts")
  }

  deinit {
    for name in ["hosts", "resolv.conf"] { unsafe unlink("\(folder)/\(name)") }
    unsafe rmdir(folder)
  }

  func write(_ name: String, _ text: String) throws {
    try Files.replace("\(folder)/\(name)", with: Array(text.utf8), mode: 0o600)
  }

  /// What came within five seconds.
  func run(answers: Int = 1) -> [Resolver.Answer] {
    var found: [Resolver.Answer] = []
    let end = Clock.monotonicNanoseconds() + 5_000_000_000
    while found.count < answers, Clock.monotonicNanoseconds() < end {
      var watched = resolver.withRaw { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = unsafe poll(&watched, 1, 1)
      server.serve()
      resolver.process(at: Clock.monotonicNanoseconds())
      found += resolver.takeAnswers()
    }
    return found
  }
}
