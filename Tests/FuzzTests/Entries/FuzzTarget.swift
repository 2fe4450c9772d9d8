/// What the fuzzer feeds and the tests replay: any bytes go in, the first broken promise comes out.
enum FuzzTarget: String, CaseIterable {
  /// The framer with the strict reader behind it.
  case framer
  /// The rule path: a session, a host, a server and a person who decides.
  case session
  /// The canonical writer.
  case canonical
  /// What a TLS client says before anything is encrypted.
  case hello
  /// A client's side of HTTP/1.
  case request
  /// Questions for names from inside, and answers from outside.
  case names

  /// The promise that these bytes break; nil where all are kept.
  func check(_ input: [UInt8]) -> String? {
    switch self {
    case .framer: FramerEntry.check(input)
    case .session: SessionEntry.check(input)
    case .canonical: CanonicalEntry.check(input)
    case .hello: HelloEntry.check(input)
    case .request: RequestEntry.check(input)
    case .names: NamesEntry.check(input)
    }
  }
}
