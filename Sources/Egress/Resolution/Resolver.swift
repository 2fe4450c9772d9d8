import Glibc
public import Kernel

/// Finds the addresses of names outside, by the system's configuration: its hosts file first, then its
/// name servers. A change of either file counts from the next question on.
///
/// Single-threaded; nothing here waits. The descriptor of `withRaw` is to be watched for reading, and
/// `process` called when it is readable and when `deadline` has come.
public final class Resolver {
  public enum Failure: Error, Hashable, Sendable {
    /// It does not exist, or has no address.
    case noSuchName
    /// No server answered in time, or what they answered was of no use.
    case noAnswer
  }

  public struct Answer: Sendable {
    public let ticket: UInt64
    /// At least one address, unchecked.
    public let result: Result<[IPAddress], Failure>
  }

  /// Names that are asked for at the same time; what is more fails at once.
  public static let mostLookups = 512
  /// Seconds that an answer is kept at most. It is never trusted: each use is checked.
  static let longestLife: UInt32 = 60
  /// And at least: an answer that may not be kept would have the server ask by each connection.
  static let shortestLife: UInt32 = 1
  /// Nanoseconds that a failure is kept, so that who tries on and on asks nobody each time.
  static let failureLife: UInt64 = 3_000_000_000

  /// RFC 8305, 3: how long the addresses of one family wait for those of the other.
  private static let resolutionDelay = (v6: 50_000_000 as UInt64, v4: 250_000_000 as UInt64)

  private let settings: NameService.Settings
  private let hosts: String
  private let loop: EventLoop
  private var service: NameService
  /// Of an earlier configuration, until their questions are answered.
  private var retired: [NameService] = []
  private var configuration: FileStatus?
  private var hostsStatus: FileStatus?
  /// What the file of that status says; nil until it is needed.
  private var hostsFile: HostsFile?
  private var lookups: [[UInt8]: Lookup] = [:]
  private var cache: [[UInt8]: Kept] = [:]
  private var answers: [Answer] = []
  /// What the name service said since this was last looked at.
  private let inbox = Inbox()
  private var numbers = SystemRandomNumberGenerator()

  private struct Kept {
    let result: Result<[IPAddress], Failure>
    let until: UInt64
  }

  private struct Lookup {
    var waiting: [UInt64]
    var v4: NameServiceMessage.Answer?
    var v6: NameServiceMessage.Answer?
    /// When what is there is answered without the rest.
    var settlesAt: UInt64?
    /// Those who waited have their answer; the rest is still to come.
    var hasSettled = false

    var addresses: [IPAddress] { [v6, v4].flatMap { $0?.list ?? [] } }
    var isComplete: Bool { v4 != nil && v6 != nil }
    var failure: Failure { [v4, v6].contains(.failed) ? .noAnswer : .noSuchName }
  }

  /// Reads the system's configuration.
  public convenience init() throws(SystemError) {
    try self.init(NameService.Settings(), hosts: "/etc/hosts")
  }

  init(_ settings: NameService.Settings, hosts: String) throws(SystemError) {
    self.settings = settings
    self.hosts = hosts
    loop = try EventLoop()
    service = try NameService(settings)
    configuration = Self.status(settings.configuration)
    hostsStatus = Self.status(hosts)
    try Self.watch(service, in: loop)
  }

  /// Lends the descriptor to be watched for reading.
  public func withRaw<Result>(_ body: (Int32) -> Result) -> Result { loop.withRaw(body) }

  /// Begins to look for a name's addresses; `takeAnswers` has them, perhaps at once.
  ///
  /// - Parameters:
  ///   - name: in lower case, without the trailing dot.
  ///   - now: of the monotonic clock, in nanoseconds.
  public func resolve(_ name: [UInt8], ticket: UInt64, at now: UInt64) {
    noticeChanges()
    if let kept = cache[name], kept.until > now {
      answers.append(Answer(ticket: ticket, result: kept.result))
      return
    }
    cache[name] = nil
    if let lookup = lookups[name] {
      if lookup.hasSettled, !lookup.addresses.isEmpty {
        answers.append(Answer(ticket: ticket, result: .success(lookup.addresses)))
      } else {
        lookups[name]?.waiting.append(ticket)
      }
      return
    }
    let known = addressesOfHostsFile(name)
    if !known.isEmpty {
      answers.append(Answer(ticket: ticket, result: .success(known)))
      return
    }
    guard lookups.count < Self.mostLookups else {
      answers.append(Answer(ticket: ticket, result: .failure(.noAnswer)))
      return
    }
    lookups[name] = Lookup(waiting: [ticket])
    ask(name, RecordType.v6)
    ask(name, RecordType.v4)
    takeInbox(at: now)
  }

  /// Nobody waits for this any more. What is under way goes on: the answer is kept.
  public func cancel(ticket: UInt64) {
    answers.removeAll { $0.ticket == ticket }
    for (name, lookup) in lookups where lookup.waiting.contains(ticket) {
      lookups[name]?.waiting.removeAll { $0 == ticket }
    }
  }

  public func process(at now: UInt64) {
    service.process()
    for old in retired { old.process() }
    takeInbox(at: now)
    for (name, lookup) in lookups {
      if let time = lookup.settlesAt, time <= now { settle(name, at: now) }
    }
    // A descriptor that is closed leaves the loop by itself.
    retired.removeAll { $0.isIdle }
  }

  /// What is finished; each ticket that was not cancelled comes up once.
  public func takeAnswers() -> [Answer] {
    defer { answers.removeAll(keepingCapacity: true) }
    return answers
  }

  /// When `process` is to be called, even if there is nothing to read; nil for never.
  public func deadline(at now: UInt64) -> UInt64? {
    let patience = ([service] + retired).compactMap { $0.patience.map { now + $0 } }
    return (patience + lookups.values.compactMap(\.settlesAt)).min()
  }
}

extension Resolver {
  private func ask(_ name: [UInt8], _ type: UInt16) {
    let id = UInt16.random(in: 0 ... .max, using: &numbers)
    guard let query = NameServiceMessage.query(name, type: type, id: id) else {
      inbox.messages.append((name, type, .noSuchName))
      return
    }
    let inbox = inbox
    service.ask(query) { result in
      let answer =
        switch result {
        case .success(let message): NameServiceMessage.read(message, name: name, type: type)
        case .failure: NameServiceMessage.Answer.failed
        }
      inbox.messages.append((name, type, answer))
    }
  }

  private func takeInbox(at now: UInt64) {
    let messages = inbox.messages
    inbox.messages.removeAll(keepingCapacity: true)
    for (name, type, answer) in messages {
      guard var lookup = lookups[name] else { continue }
      if type == RecordType.v4 { lookup.v4 = answer } else { lookup.v6 = answer }
      if !answer.list.isEmpty, !lookup.hasSettled {
        let delay = Self.resolutionDelay
        lookup.settlesAt = now + (type == RecordType.v4 ? delay.v6 : delay.v4)
      }
      lookups[name] = lookup
      if lookup.isComplete { settle(name, at: now) }
    }
  }

  /// Tells those who wait what is known, and forgets the lookup once nothing more can come.
  private func settle(_ name: [UInt8], at now: UInt64) {
    guard var lookup = lookups[name] else { return }
    let addresses = lookup.addresses
    let result: Result<[IPAddress], Failure> =
      addresses.isEmpty ? .failure(lookup.failure) : .success(addresses)
    answers += lookup.waiting.map { Answer(ticket: $0, result: result) }
    lookup.waiting = []
    lookup.settlesAt = nil
    lookup.hasSettled = true
    lookups[name] = lookup.isComplete ? nil : lookup
    guard lookup.isComplete else { return }
    let seconds = [lookup.v4, lookup.v6].compactMap { $0?.seconds }.min() ?? 0
    let life = UInt64(min(max(seconds, Self.shortestLife), Self.longestLife)) * 1_000_000_000
    keep(result, of: name, until: now + (addresses.isEmpty ? Self.failureLife : life), at: now)
  }

  private func keep(
    _ result: Result<[IPAddress], Failure>, of name: [UInt8], until: UInt64, at now: UInt64
  ) {
    if cache.count >= Self.mostLookups { cache = cache.filter { $0.value.until > now } }
    if cache.count >= Self.mostLookups { cache.removeAll() }
    cache[name] = Kept(result: result, until: until)
  }

  /// Whether the files are still the ones that were read: two calls that cost a microsecond each.
  private func noticeChanges() {
    let newHosts = Self.status(hosts)
    if newHosts != hostsStatus {
      hostsStatus = newHosts
      hostsFile = nil
      cache.removeAll()
    }
    let newConfiguration = Self.status(settings.configuration)
    guard newConfiguration != configuration else { return }
    configuration = newConfiguration
    cache.removeAll()
    do throws(SystemError) {
      let fresh = try NameService(settings)
      try Self.watch(fresh, in: loop)
      if !service.isIdle { retired.append(service) }
      service = fresh
    } catch {
      // The new one cannot be read, now or by this process: what the old one said stays.
      return
    }
  }

  private func addressesOfHostsFile(_ name: [UInt8]) -> [IPAddress] {
    guard hostsStatus != nil else { return [] }
    if let hostsFile { return hostsFile.addresses(of: name) }
    do throws(SystemError) {
      let file = HostsFile(try Files.read(hosts, limit: HostsFile.longest))
      hostsFile = file
      return file.addresses(of: name)
    } catch {
      // As for everybody else on this machine who may not read it.
      return []
    }
  }

  private static func status(_ path: String) -> FileStatus? {
    do throws(SystemError) { return try Files.status(path) } catch { return nil }
  }

  private static func watch(
    _ service: NameService, in loop: borrowing EventLoop
  ) throws(SystemError) {
    let raw = service.withRaw { $0 }
    try loop.add(raw, token: 0, interest: .readable)
  }
}

/// Where the name service's answers wait until they are looked at: they come in the middle of a call.
private final class Inbox {
  var messages: [(name: [UInt8], type: UInt16, answer: NameServiceMessage.Answer)] = []
}

extension NameServiceMessage.Answer {
  fileprivate var list: [IPAddress] {
    if case .addresses(let list, _) = self { list } else { [] }
  }

  fileprivate var seconds: UInt32? {
    if case .addresses(let list, let seconds) = self, !list.isEmpty { seconds } else { nil }
  }
}
