import Audit
import JSON
import Kernel
import Manifest
import Sandbox
import SystemCallFilter

/// Takes what the witness of a verbose launch reports, and tells and writes down what of it is news:
/// a bounded number, then how many more there were.
final class RefusalBook {
  private let view: SandboxView
  private let look: (String) -> HostDisk.Finding
  private let tell: (SessionNotice) -> Void
  private let record: (AuditEvent) -> Void

  private var told = 0
  private var untold: UInt64 = 0
  private var nowhere: UInt64 = 0
  private var unknown: UInt64 = 0
  private var machine: [String] = []
  private var resolverWasAsked = false
  private var totals: WitnessReport.Totals?
  private var hasFailed = false
  private var isClosed = false

  /// Lines of a session on standard error, and events in its audit log.
  static let most = 96
  /// Paths of the machine's that are named in the last lines.
  private static let mostOfTheMachine = 12

  init(
    view: SandboxView, look: @escaping (String) -> HostDisk.Finding,
    tell: @escaping (SessionNotice) -> Void, record: @escaping (AuditEvent) -> Void
  ) {
    self.view = view
    self.look = look
    self.tell = tell
    self.record = record
  }

  func take(_ report: WitnessReport) {
    switch report {
    case .call(let call): take(call)
    case .path(let path): take(path)
    case .destination(let destination): take(destination)
    case .failed(let step, let subject, let errno):
      hasFailed = true
      tell(
        .warning(
          "the witness failed: \(step): \(Rendering.line(subject, limit: 200)): \(Errno(errno))",
          hint: "calls that it would have answered fail with ENOSYS; run without --verbose"))
    case .totals(let totals): self.totals = totals
    }
  }

  /// The witness has ended before the server did.
  func miss() {
    guard totals == nil, !hasFailed else { return }
    tell(
      .warning(
        "the witness ended before the server: what it would have answered fails with ENOSYS now",
        hint: "run without --verbose"))
  }

  /// The witness sent what it may not.
  func disbelieve(_ fault: String) {
    tell(
      .warning(
        "the witness sent what it may not: \(fault)", hint: "what was refused is not told any more")
    )
  }

  private func take(_ call: WitnessReport.RefusedCall) {
    let event = AuditEvent(
      "refused-call",
      [
        ("call", .string(CallDescription.text(of: call.number, call.arguments))),
        ("errno", .string(Errno(call.errno).name)),
      ])
    say(RefusalWords(call), event)
  }

  private func take(_ refused: WitnessReport.RefusedPath) {
    // What no `String` can hold is on no host that grants are written for.
    guard let path = String(validating: refused.path, as: UTF8.self) else {
      unknown &+= 1
      return
    }
    let verdict = PathVerdict(refused.act, refused.errno, path, view, look: look)
    switch verdict {
    case .noNews: nowhere &+= 1
    case .unknown: unknown &+= 1
    case .machine(let path): machine.append(path)
    case .notGranted, .ofCallersHome, .readOnly, .nobodysToWrite, .permission, .service:
      guard let words = RefusalWords(verdict, refused.act, isSeparate: view.isSeparate) else {
        return
      }
      let event = AuditEvent(
        "refused-path",
        [
          ("path", .string(Rendering.line(refused.path, limit: 512))),
          ("act", .string(refused.act.name)), ("verdict", .string(verdict.name)),
        ])
      say(words, event)
    }
  }

  private func take(_ destination: WitnessReport.Destination) {
    if view.hasEgress { return }
    let address = InternetAddress(destination.address)
    if address.isLoopback {
      // Its own services are its own business; the one on port 53 would be a resolver.
      if destination.port != 53 || resolverWasAsked { return }
      resolverWasAsked = true
    }
    let event = AuditEvent(
      "refused-destination",
      [("address", .string(address.text)), ("port", .integer(Int64(destination.port)))])
    say(RefusalWords(destination), event)
  }

  private func say(_ words: RefusalWords, _ event: AuditEvent) {
    guard told < Self.most else {
      untold &+= 1
      return
    }
    told += 1
    tell(.refusal(words.text, hint: words.hint))
    record(event)
  }

  /// The session has ended: how much there was in all.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    let more = untold &+ (totals?.unreported ?? 0)
    if let totals, totals.calls > 0 || told > 0 {
      let calls = totals.calls == 1 ? "1 call" : "\(totals.calls) calls"
      tell(
        .refusal(
          "in all: \(calls) refused" + (more > 0 ? ", and \(more) more than are named here" : ""),
          hint: nil))
    } else if more > 0 {
      tell(.refusal("and \(more) more than are named here", hint: nil))
    }
    if nowhere > 0 {
      tell(
        .refusal(
          "\(nowhere) paths that it looked for are neither inside nor here, or every program's",
          hint: nil))
    }
    if unknown > 0 {
      tell(
        .refusal(
          "\(unknown) paths that it looked for are behind links or on file systems that were not "
            + "looked at", hint: nil))
    }
    if !machine.isEmpty {
      let named = machine.prefix(Self.mostOfTheMachine).map(RefusalWords.shown)
      let rest = machine.count - named.count
      tell(
        .refusal(
          "of the machine, which no server is shown: \(named.joined(separator: ", "))"
            + (rest > 0 ? ", and \(rest) more" : ""), hint: nil))
    }
    var last = AuditEvent("refusals", [("named", .integer(Int64(told)))])
    last.add("more", .integer(Int64(clamping: more)))
    if let totals {
      last.add("calls", .integer(Int64(clamping: totals.calls)))
      last.add("paths", .integer(Int64(clamping: totals.paths)))
      last.add("destinations", .integer(Int64(clamping: totals.destinations)))
    }
    record(last)
  }
}

extension PathVerdict {
  /// For the audit log.
  fileprivate var name: String {
    switch self {
    case .notGranted: "not-granted"
    case .ofCallersHome: "of-the-callers-home"
    case .readOnly: "read-only"
    case .nobodysToWrite: "nobodys-to-write"
    case .permission: "permission"
    case .service: "service"
    case .machine: "machine"
    case .noNews: "no-news"
    case .unknown: "unknown"
    }
  }
}
