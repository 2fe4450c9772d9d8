import Audit
import Glibc
import Kernel
import Manifest
import Profile
import Sandbox

/// Whether this launch is the one that was approved.
extension RunSession {
  /// A changed launch is never started unasked.
  func pin(_ store: ApprovalStore, _ log: inout AuditLog) throws(CommandError) {
    var digests = FileDigests(path: "\(places.state)/digests")
    let pinned = try LaunchPinning.pin(launch, &digests)
    do throws(SystemError) {
      try digests.save()
    } catch {
      // It is a cache: the next launch reads the files again.
      context.console.warn("the digests of files can't be kept: \(error)")
    }
    let origin = DecisionOrigin(who: "cordon", how: "first-use", at: Clock.timestamp())
    let observation: LaunchObservation
    let isAfterDamage: Bool
    let isNew: Bool
    let rule = launch.profile.launch
    do throws(UpdateError<ObservationError>) {
      (observation, isAfterDamage, isNew) = try store.update { (record) throws(ObservationError) in
        let isNew = record.lineage == nil
        let observation = try record.observeLaunch(
          pinned.item, lineage: launch.lineage, firstUse: rule.value == .ask ? .ask : .trust,
          files: pinned.reported, by: origin)
        return (observation, record.isAfterDamage, isNew)
      }
    } catch {
      switch error {
      case .store(let error):
        throw CommandError(.storeFailure, error.description, hint: error.hint)
      case .change(let error): throw CommandError(.badData, error.description)
      }
    }
    for path in observation.changedFiles {
      context.console.note("\(Rendering.line(path)) has changed since the last launch")
    }
    try judge(observation.verdict, isAfterDamage: isAfterDamage, isNew: isNew, &log)
  }

  private func judge(
    _ verdict: LaunchVerdict, isAfterDamage: Bool, isNew: Bool, _ log: inout AuditLog
  ) throws(CommandError) {
    switch verdict {
    case .approved:
      return
    case .first, .replaced:
      if verdict == .replaced {
        context.console.note(
          "the launch of '\(options.name)' has changed since the last start, of which nothing was "
            + "listed: it is taken as a first one")
      }
      // Nobody reviews these, so what no pin holds is said at once.
      for words in launch.command.unpinned { context.console.note("code: unpinned: \(words)") }
    case .waiting(let digest, let isOther):
      record(
        AuditEvent("withheld", [("kind", .string("launch")), ("digest", .digest(digest))]), &log)
      throw CommandError(
        .refused,
        isAfterDamage
          ? "the approvals of '\(options.name)' were damaged, so its launch must be approved again"
          : isNew
            ? "'\(options.name)' has not been started before, and its first launch must be "
              + "approved (launch: ask, \(launch.profile.launch.origin))"
            : isOther
              ? "'\(options.name)' now stands for another program than the one that was approved"
              : "the launch of '\(options.name)' differs from the one that was approved",
        hint: "a person decides, in a terminal of their own: cordon review \(options.name)")
    case .rejected(let digest):
      record(
        AuditEvent("refused", [("kind", .string("launch")), ("digest", .digest(digest))]), &log)
      throw CommandError(
        .refused, "this launch of '\(options.name)' was rejected",
        hint: "a person can take that back: cordon manifest show \(options.name) names the digest, "
          + "cordon approve \(options.name) launch:@DIGEST approves it")
    }
  }

  private func record(_ event: AuditEvent, _ log: inout AuditLog) {
    do throws(AuditError) {
      try log.append(event)
    } catch {
      context.console.warn("the audit log can't be written: \(error)")
    }
  }
}
