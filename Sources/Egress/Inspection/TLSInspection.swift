/// Lets a TLS connection pass once no more names can be said on it in the clear: behind a ClientHello
/// with the right one and the answer to it, or behind the second ClientHello that the answer asks for.
struct TLSInspection {
  private enum State {
    case hello
    /// The first hello has gone; what else the client says waits for the answer.
    case answer
    case secondHello
    case settled
    case refused(Objection)
  }

  private let names: [[UInt8]]
  private let allowsMissingName: Bool
  private var state = State.hello
  private var first = ClientHelloReader()
  private var second = ClientHelloReader(followsRetry: true)
  private var answer = ServerHelloReader()
  /// The client's bytes that were read and have not gone.
  private var held = 0

  /// - Parameter names: any of them may be the server name.
  init(names: [[UInt8]], allowsMissingName: Bool) {
    self.names = names
    self.allowsMissingName = allowsMissingName
  }

  /// The client's bytes. Behind the first hello as many as `ClientHelloReader.longest` may be held:
  /// who drives this reads no more of the client until the server has spoken.
  mutating func client(_ bytes: ArraySlice<UInt8>) -> Inspected {
    held += bytes.count
    switch state {
    case .hello:
      let before = first.length
      first.feed(bytes)
      guard let result = passes(first) else { return Inspected() }
      if case .failure(let objection) = result { return refuse(objection) }
      state = .answer
      held -= first.length
      second.feed(bytes.dropFirst(first.length - before))
      return Inspected(released: first.length)
    case .answer:
      second.feed(bytes)
      return Inspected()
    case .secondHello:
      second.feed(bytes)
      return judgeSecond()
    case .settled: return settle()
    case .refused(let objection): return refuse(objection)
    }
  }

  /// The server's bytes, all of which may go to the client. What is released are the client's.
  mutating func server(_ bytes: ArraySlice<UInt8>) -> Inspected {
    switch state {
    case .hello, .answer:
      switch answer.feed(bytes) {
      case .needsMore: return Inspected()
      case .settled: return settle()
      case .retry:
        state = .secondHello
        return judgeSecond()
      }
    case .secondHello: return Inspected()
    case .settled: return settle()
    case .refused(let objection): return refuse(objection)
    }
  }

  private mutating func judgeSecond() -> Inspected {
    guard let result = passes(second) else { return Inspected() }
    if case .failure(let objection) = result { return refuse(objection) }
    return settle()
  }

  /// Nil where more must be read.
  private func passes(_ reader: ClientHelloReader) -> Result<Void, Objection>? {
    switch reader.verdict {
    case .needsMore: nil
    case .invalid(let objection): .failure(objection)
    case .hello(let hello):
      hello.objection(names: names, allowsMissingName: allowsMissingName)
        .map { .failure($0) } ?? .success(())
    }
  }

  private mutating func settle() -> Inspected {
    state = .settled
    defer { held = 0 }
    return Inspected(released: held, verdict: .settled)
  }

  private mutating func refuse(_ objection: Objection) -> Inspected {
    state = .refused(objection)
    return Inspected(verdict: .refused(objection))
  }
}
