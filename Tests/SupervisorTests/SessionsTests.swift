import Glibc
import Kernel
import Testing

@testable import Supervisor

@Suite struct SessionsTests {
  private let scratch: Scratch
  private let sessions: Sessions
  private let directory: String

  init() throws {
    scratch = try Scratch()
    sessions = Sessions(stateDirectory: scratch.path)
    directory = "\(scratch.path)/sessions"
  }

  private func own() throws -> ProcessIdentity {
    try #require(try ProcessIdentity(pid: getpid()))
  }

  private func put(_ text: String, as name: String) throws {
    try Files.makeDirectories(directory, mode: 0o700)
    try Files.replace("\(directory)/\(name)", with: Array(text.utf8), mode: 0o600)
  }

  @Test func withoutAnyEntryNobodyHosts() throws {
    #expect(try sessions.running().isEmpty)
    #expect(try sessions.sessionHostedByAncestor() == nil)
  }

  @Test func aParentThatHostsIsFound() throws {
    let parent = try #require(try ProcessIdentity(pid: getppid()))
    try sessions.enter(server: "notes", as: try own(), host: parent)
    #expect(try sessions.sessionHostedByAncestor()?.host == parent)
    sessions.leave()
    #expect(try sessions.sessionHostedByAncestor() == nil)
  }

  @Test func aPersonAtATerminalIsNoHost() throws {
    try sessions.enter(server: "notes", as: try own(), host: nil)
    #expect(try sessions.running().map(\.server) == ["notes"])
    #expect(try sessions.sessionHostedByAncestor() == nil)
  }

  /// Whoever could make the question fail would be let through otherwise.
  @Test func whatCannotBeReadIsNotTakenForGone() throws {
    try Files.makeDirectories("\(directory)/\(getpid()).json", mode: 0o700)
    #expect(throws: SystemError.self) { try sessions.sessionHostedByAncestor() }
  }

  @Test func aRegistryThatIsNoDirectoryIsNotTakenForAnEmptyOne() throws {
    try Files.replace(directory, with: [], mode: 0o600)
    #expect(throws: SystemError.self) { try sessions.sessionHostedByAncestor() }
  }

  @Test(arguments: [
    "", "{", #"{"schema":2}"#,
    #"{"schema":1,"server":"s","supervisor":{"pid":1,"startTime":2},"host":{"pid":"1"}}"#,
  ])
  func aDamagedEntryOfALivingProcessIsAnError(text: String) throws {
    try put(text, as: "\(getpid()).json")
    #expect(throws: SystemError.self) { try sessions.running() }
  }

  @Test(arguments: [
    "", #"{"schema":1,"server":"s","supervisor":{"pid":2147483647,"startTime":2}}"#,
  ])
  func entriesOfTheDeadAreRemoved(text: String) throws {
    // No process has the highest number.
    try put(text, as: "2147483647.json")
    #expect(try sessions.running().isEmpty)
    #expect(try Files.list(directory).isEmpty)
  }

  @Test func anEntryOfAnEarlierProcessWithTheNumberIsRemoved() throws {
    try put(
      #"{"schema":1,"server":"s","supervisor":{"pid":\#(getpid()),"startTime":1}}"#,
      as: "\(getpid()).json")
    #expect(try sessions.running().isEmpty)
    #expect(try Files.list(directory).isEmpty)
  }

  /// Where /proc hides what cannot be traced, the lock alone tells of a supervisor.
  @Test func aHeldEntryIsARunningSessions() throws {
    try put(
      #"{"schema":1,"server":"s","supervisor":{"pid":2147483647,"startTime":1}}"#,
      as: "2147483647.json")
    let lock = try FileLock(path: "\(directory)/2147483647.json")
    #expect(try sessions.running().map(\.server) == ["s"])
    lock.unlock()
    // A process that another test is starting has a copy of the lock until it is another program.
    for _ in 0..<200 where try !sessions.running().isEmpty { usleep(10_000) }
    #expect(try sessions.running().isEmpty)
  }

  @Test func anEntryIsHeldAsLongAsItsSession() throws {
    let entry = try sessions.enter(server: "notes", as: try own(), host: nil)
    #expect(try PresenceLock.join("\(directory)/\(getpid()).json") == nil)
    withExtendedLifetime(entry) {}
  }

  @Test func aHiddenProcessIsKnownByItsNumber() {
    let host = ProcessIdentity(pid: 7, startTime: 5)
    #expect(host.isProcess(7, ProcessIdentity(pid: 7, startTime: 5)))
    #expect(!host.isProcess(7, ProcessIdentity(pid: 7, startTime: 6)))
    #expect(host.isProcess(7, nil))
    #expect(!host.isProcess(8, nil))
    let hidden = ProcessIdentity(pid: 7, startTime: 0)
    #expect(hidden.isProcess(7, ProcessIdentity(pid: 7, startTime: 6)))
  }

  /// The groups of a killed supervisor are removed by whoever finds its entry, and nothing else is.
  @Test func whatADeadSupervisorWroteDownIsRemoved() throws {
    let dead = ProcessIdentity(pid: Int32.max - 1, startTime: 7)
    let own = "\(scratch.path)/cordon-notes-\(dead.pid)-7"
    let other = "\(scratch.path)/cordon-notes-\(getpid())-8"
    let odd = "\(scratch.path)/somebody"
    for path in [own, other, odd] { try Files.makeDirectories(path, mode: 0o700) }
    try put(
      """
      {"schema":1,"server":"notes","supervisor":{"pid":\(dead.pid),"startTime":7},
      "groups":["\(own)","\(other)","\(odd)"]}
      """, as: "\(dead.pid).json")
    #expect(try sessions.running().isEmpty)
    #expect(!Files.exists(own))
    #expect(Files.exists(other), "another process's")
    #expect(Files.exists(odd), "none of Cordon's")
    #expect(try Files.list(directory).isEmpty)
  }

  @Test func aLivingSupervisorsGroupsAreLeftAlone() throws {
    let own = try own()
    let group = "\(scratch.path)/cordon-notes-\(own.pid)-\(own.startTime)"
    try Files.makeDirectories(group, mode: 0o700)
    try sessions.enter(server: "notes", as: own, host: nil, groups: [group])
    sessions.sweep()
    #expect(Files.exists(group))
  }
}
