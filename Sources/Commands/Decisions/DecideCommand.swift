import Digest
import JSON
import Kernel
import Manifest
import Profile

/// `cordon approve` and `cordon reject`: decisions that name the digest that was shown.
enum DecideCommand {
  static let approve: CommandSpecification = CommandSpecification(
    ["approve"], summary: "approve items by their digests",
    usage: [
      "approve [OPTIONS] NAME KIND:ITEM@DIGEST…", "approve [OPTIONS] NAME --manifest DIGEST",
    ],
    about: [
      """
      Approves exactly the content with that digest; what has changed since it was shown is \
      refused. Several items are approved together or not at all. A tool reaches a running server's \
      host at once, instructions and capabilities at its next start.
      """, referenceForm, Self.guarded,
    ],
    options: [
      .value(
        "manifest", "DIGEST",
        "approve all that waits, where this is the digest that manifest show gives for it"),
      .format,
    ],
    examples: [
      .init(purpose: "See what waits, ready to paste", command: "cordon manifest show notes"),
      .init(purpose: "Approve one tool", command: "cordon approve notes tool:search@DIGEST"),
      .init(
        purpose: "Approve all that waits, in a script that was given the digest",
        command: "cordon approve notes --manifest DIGEST --format json"),
    ],
    exitCodes: exitCodes
  ) { (context, arguments) throws(CommandError) in
    try perform(.approve, context, arguments)
  }

  static let reject: CommandSpecification = CommandSpecification(
    ["reject"], summary: "reject items by their digests",
    usage: ["reject [OPTIONS] NAME KIND:ITEM@DIGEST…"],
    about: [
      """
      Rejects exactly the content with that digest, also one that was approved before: it is \
      withheld and no longer asked about. Another content under the same name waits again.
      """, referenceForm, Self.guarded,
    ],
    options: [.format],
    examples: [
      .init(purpose: "Withhold one tool", command: "cordon reject notes tool:delete@DIGEST")
    ],
    exitCodes: exitCodes
  ) { (context, arguments) throws(CommandError) in
    try perform(.reject, context, arguments)
  }

  private static let exitCodes: [ExitCode] = [
    .success, .usage, .noSuchServer, .storeFailure, .refused, .configuration,
  ]

  private static let referenceForm = """
    KIND is launch, capabilities, instructions, tool, ui-resource, prompt, resource-template or \
    resource; the first three have no ITEM: instructions@DIGEST. ITEM is percent-encoded (a % is %25). DIGEST has \
    all its 64 digits: abbreviations are not taken.
    """

  static let guarded = """
    Refused (77) below the process that hosts a running server: the decision is a person's.
    """

  private static func perform(
    _ decision: Decision, _ context: CommandContext, _ arguments: ParsedArguments
  ) throws(CommandError) -> Int32 {
    guard let first = arguments.positionals.first else {
      throw usage(decision, "\(decision.rawValue) needs a server's NAME")
    }
    let name = try ServerName(argument: first).text
    let subject = try subject(decision, arguments)
    try DecisionGuard.check(context)
    let store = try ServerStore.open(name, context)
    var audit = try DecisionAudit(server: name, context)
    let origin = DecisionOrigin.person(by: decision.rawValue)
    let decided = try store.update { (record) throws(DecisionError) in
      try carryOut(decision, subject, in: &record, by: origin)
    }
    try audit.record(decision, decided, by: origin)
    DecisionReport.print(decision, decided, server: name, arguments.format, context.console)
    return ExitCode.success.rawValue
  }

  private enum Subject {
    case items([Pin])
    case manifest(Digest)
  }

  private static func subject(
    _ decision: Decision, _ arguments: ParsedArguments
  ) throws(CommandError) -> Subject {
    var pins: [Pin] = []
    for text in arguments.positionals.dropFirst() {
      let pin = try ItemReference(parsing: text).pin
      if pins.contains(where: { $0.key == pin.key }) {
        throw usage(decision, "\(ItemReference.text(pin.key)) is given twice")
      }
      pins.append(pin)
    }
    guard let manifest = arguments.value("manifest") else {
      // A launch comes first: of another program, its approval drops what else was decided.
      if !pins.isEmpty { return .items(pins.sorted()) }
      throw usage(decision, "\(decision.rawValue) needs an item: KIND:ITEM@DIGEST")
    }
    guard pins.isEmpty else { throw usage(decision, "--manifest takes no items beside it") }
    guard let digest = Digest(hex: manifest) else {
      throw usage(decision, "--manifest needs a digest: 64 digits 0-9 a-f, all of them")
    }
    return .manifest(digest)
  }

  private static func carryOut(
    _ decision: Decision, _ subject: Subject, in record: inout ServerRecord,
    by origin: DecisionOrigin
  ) throws(DecisionError) -> Decided {
    var decided = Decided()
    switch subject {
    case .items(let pins):
      for pin in pins {
        let outcome = try decision.apply(to: pin, in: &record, by: origin)
        decided.entries.append(.init(pin: pin, isChange: outcome.isChange))
        decided.dropped += outcome.dropped
      }
    case .manifest(let digest):
      let waiting = record.pins.waiting
      decided.dropped = try record.approve(manifest: digest, by: origin).dropped
      // A launch of another program leaves nothing else that waited.
      decided.entries = waiting.filter { record[$0.key]?.approved?.digest == $0.digest }
        .map { .init(pin: $0, isChange: true) }
    }
    decided.waiting = record.waitingCount
    return decided
  }

  private static func usage(_ decision: Decision, _ message: String) -> CommandError {
    CommandError(.usage, message, hint: "see cordon \(decision.rawValue) --help")
  }
}
