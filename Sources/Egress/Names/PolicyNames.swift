public import Control
public import Kernel

/// The names that the sandbox knows. Each granted one is answered at once, with the address that
/// stands for it inside; whether it exists outside is found out when a connection is made. No question
/// is passed on to anybody.
public struct PolicyNames {
  private let allowlist: Allowlist
  private let answersV6: Bool
  private var table: NameTable
  private var refusals: [EgressRefusal] = []

  /// - Parameter answersV6: false where the sandbox's kernel has no IPv6.
  public init(
    _ layout: EgressLayout, _ allowlist: Allowlist, newNamesPerMinute: Int, answersV6: Bool = true
  ) {
    self.allowlist = allowlist
    self.answersV6 = answersV6
    table = NameTable(layout, newNamesPerMinute: newNamesPerMinute)
  }

  /// The name that an address of the sandbox stands for; nil for one that stands for none.
  public func name(of address: IPAddress) -> [UInt8]? { table.name(of: address) }

  /// What was refused since this was last called, once for each question.
  public mutating func takeRefusals() -> [EgressRefusal] {
    defer { refusals.removeAll(keepingCapacity: true) }
    return refusals
  }

  /// The answer to one message, of at most 512 bytes.
  ///
  /// - Parameters:
  ///   - query: a datagram, or a stream's message without its length. Anything may be in it.
  ///   - now: of the monotonic clock, in nanoseconds.
  /// - Returns: nil where nothing is said.
  public mutating func answer(_ query: [UInt8], at now: UInt64) -> [UInt8]? {
    switch NameQuery.read(query) {
    case .ignored: nil
    case .unanswerable(let id, let flags, let code): NameAnswer.make(id: id, flags: flags, code)
    case .query(let query): answer(query, at: now)
    }
  }

  private mutating func answer(_ query: NameQuery, at now: UInt64) -> [UInt8] {
    if let extended = query.extended, extended.version > 0 {
      return NameAnswer.make(query, .badVersion)
    }
    guard query.recordClass == 1 else { return NameAnswer.make(query, .refused) }
    guard let name = NameReader.plain(query.labels) else {
      return refuse(query, .name, NameReader.text(query.labels))
    }
    switch SpecialName(name) {
    case .root: return NameAnswer.make(query, .success)
    case .loopback:
      return addresses(query, v4: .v4(0x7F00_0001), v6: .v6(0, 1))
    case .address(let address):
      let known = table.name(of: address) ?? (address.isLoopback ? Array("localhost".utf8) : nil)
      guard let known, let wire = NameReader.wire(known) else {
        return NameAnswer.make(query, .noSuchName)
      }
      return NameAnswer.make(query, .success, query.wants(RecordType.pointer) ? [.name(wire)] : [])
    case .probe: return NameAnswer.make(query, .noSuchName)
    case nil: return answer(query, name, at: now)
    }
  }

  private mutating func answer(_ query: NameQuery, _ name: [UInt8], at now: UInt64) -> [UInt8] {
    let isAddressQuestion = [RecordType.v4, RecordType.v6, RecordType.any].contains(query.type)
    // `_443._https.HOST`, `_postgresql._tcp.HOST`: a service of a host is asked for, never connected to.
    let host = isAddressQuestion ? name : SpecialName.host(ofService: name)
    if let reason = allowlist.refusal(name: host) { return refuse(query, reason, host) }
    guard host.count == name.count else { return NameAnswer.make(query, .noSuchName) }
    // A question for anything, so that what names a server asks for is bounded, not only what it
    // connects to.
    guard let pair = table.addresses(of: name, at: now) else {
      refusals.append(EgressRefusal(.newNames, name: name))
      // For now, that is; a "no such name" would be remembered.
      return NameAnswer.make(query, .serverFailure)
    }
    return addresses(query, v4: pair.v4, v6: pair.v6)
  }

  private func addresses(_ query: NameQuery, v4: IPAddress, v6: IPAddress) -> [UInt8] {
    var records: [NameAnswer.Record] = []
    if query.wants(RecordType.v4) { records.append(.address(v4.networkOrder)) }
    if answersV6, query.wants(RecordType.v6) { records.append(.address(v6.networkOrder)) }
    return NameAnswer.make(query, .success, records)
  }

  private mutating func refuse(
    _ query: NameQuery, _ reason: EgressRefusal.Reason, _ name: [UInt8]
  ) -> [UInt8] {
    refusals.append(EgressRefusal(reason, name: name))
    return NameAnswer.make(query, .noSuchName)
  }
}

extension NameQuery {
  fileprivate func wants(_ record: UInt16) -> Bool { type == record || type == RecordType.any }
}
