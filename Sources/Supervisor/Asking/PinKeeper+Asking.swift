import Audit
import Credentials
import Digest
import Glibc
import JSON
import Kernel
import Manifest

/// What a person decides in the running session, by one of the ways to ask.
extension PinKeeper {
  enum Way: String {
    case elicitation, program
  }

  /// A content that waits, and what it is shown as; nil where another content waits, or none.
  func review(of pin: Pin) -> ReviewText? {
    let record: ServerRecord
    do throws(StoreError) {
      record = try store.load()
    } catch {
      tell(.error("the approvals can't be read: \(error)", hint: error.hint))
      return nil
    }
    guard let item = WaitingItem.one(pin.key, in: record), item.pin == pin else { return nil }
    charge(item.version.canonical.count / 4)
    return ReviewText(server: store.name, record: record, item: item)
  }

  /// Whether this content still waits.
  func isWaiting(_ pin: Pin) -> Bool { review(of: pin) != nil }

  func shownWithoutSecrets(_ text: String) -> String {
    String(decoding: redactor.redact(Array(text.utf8)), as: UTF8.self)
  }

  /// Somebody is asked.
  func recordAsked(_ pin: Pin, by way: Way) {
    record(AuditEvent("asked", fields(pin) + [("how", .string(way.rawValue))]))
  }

  /// What came of it, also where that decides nothing.
  func recordAnswer(_ pin: Pin, _ answer: String, by way: Way) {
    record(
      AuditEvent(
        "answered",
        fields(pin) + [("how", .string(way.rawValue)), ("answer", .string(answer))]))
  }

  /// Decides about exactly this content, and only while it waits: not about what came in its place,
  /// and not again about what somebody has decided meanwhile.
  ///
  /// - Parameter program: the path of the program that asked.
  func decide(approving: Bool, _ pin: Pin, by way: Way, program: String? = nil) {
    let origin = DecisionOrigin(
      who: "uid \(getuid())", how: way.rawValue, at: Clock.timestamp())
    do throws(UpdateError<DecisionError>) {
      _ = try store.update { (record) throws(DecisionError) -> DecisionOutcome in
        let waiting = record[pin.key]?.waiting?.digest
        guard waiting == pin.digest else { throw .stale(pin.key, current: waiting) }
        return approving
          ? try record.approve(pin.key, digest: pin.digest, by: origin)
          : try record.reject(pin.key, digest: pin.digest, by: origin)
      } ifNotDurable: { error in
        tell(.warning("the approvals are kept, unless the machine crashes: \(error)", hint: nil))
      }
    } catch {
      switch error {
      case .store(let error):
        tell(.error("the decision can't be kept: \(error)", hint: error.hint))
      case .change(let error):
        tell(
          .warning(
            "not \(approving ? "approved" : "rejected"): \(shown("\(error)"))",
            hint: "cordon review \(store.name)"))
      }
      return
    }
    charge(pin.key.name.utf8.count + 4096)
    record(
      AuditEvent(
        approving ? "approval" : "rejection",
        fields(pin) + [("who", .string(origin.who)), ("how", .string(origin.how))]
          + (program.map { [("program", .string(.init($0)))] } ?? [])))
  }

  private func fields(_ pin: Pin) -> [(String, AuditValue)] {
    [
      ("kind", .string(pin.key.kind.rawValue)), ("name", .string(pin.key.name)),
      ("digest", .digest(pin.digest)),
    ]
  }
}
