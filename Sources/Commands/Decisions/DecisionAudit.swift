import Audit
import Manifest

/// The audit log of one server, for decisions that a person takes.
///
/// Opened before the decision: one that can't be recorded is not taken.
struct DecisionAudit: ~Copyable {
  private var log: AuditLog

  init(server: String, _ context: CommandContext) throws(CommandError) {
    let directory = try context.places().audit
    do throws(AuditError) {
      // No session is involved, and no secret is known here that could be written.
      log = try AuditLog(directory: directory, server: server, session: "", redact: { $0 })
    } catch {
      throw CommandError(.storeFailure, "the audit log can't be written: \(error)")
    }
  }

  /// One event for each decision that changed something.
  mutating func record(
    _ decision: Decision, _ decided: Decided, by origin: DecisionOrigin
  ) throws(CommandError) {
    for entry in decided.entries where entry.isChange {
      try append(
        AuditEvent(
          decision == .approve ? "approval" : "rejection",
          [
            ("kind", .string(entry.pin.key.kind.rawValue)),
            ("name", .string(entry.pin.key.name)),
            ("digest", .digest(entry.pin.digest)),
            ("who", .string(origin.who)), ("how", .string(origin.how)),
          ]))
    }
  }

  /// All decisions were dropped.
  mutating func recordForgotten(
    _ count: Int, by origin: DecisionOrigin
  ) throws(CommandError) {
    try append(
      AuditEvent(
        "forgotten",
        [
          ("decisions", .integer(Int64(count))),
          ("who", .string(origin.who)), ("how", .string(origin.how)),
        ]))
  }

  /// The server was removed, with all but this log.
  mutating func recordRemoved(
    files: UInt64, decisions: Int, by origin: DecisionOrigin
  ) throws(CommandError) {
    try append(
      AuditEvent(
        "removed",
        [
          ("files", .integer(Int64(clamping: files))), ("decisions", .integer(Int64(decisions))),
          ("who", .string(origin.who)), ("how", .string(origin.how)),
        ]))
  }

  private mutating func append(_ event: AuditEvent) throws(CommandError) {
    do throws(AuditError) {
      try log.append(event)
    } catch {
      throw CommandError(
        .storeFailure, "decided, but the audit log can't be written: \(error)")
    }
  }
}
