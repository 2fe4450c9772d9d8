import JSON
import Profile
import Supervisor
import SystemCallFilter

/// What a profile changes about the server's system calls: told at each launch, in the audit log and
/// by `--dry-run`.
struct SystemCallChanges {
  let base: FilterBase
  /// Without calls that are allowed anyway.
  let widened: [WidenedCall]
  let denied: [String]

  /// - Throws: for a call that opens more than one layer can bear, where the profile does not accept
  ///   that by name.
  init(_ profile: ResolvedProfile) throws(CommandError) {
    base = profile.system.base.value == .strict ? .strict : .standard
    widened = base.widened(by: profile.system.allow.map(\.value))
    denied = profile.system.deny.map(\.value)
    guard !profile.accepts(.dangerousCalls), let grave = widened.first(where: \.isGrave) else {
      return
    }
    let origin = profile.system.allow.first { $0.value.utf8.elementsEqual(grave.name.utf8) }?.origin
    throw CommandError(
      .configuration, "system.allow: \(Self.words(grave))",
      hint: "\(origin.map { "\($0) allows it: " } ?? "")take it out there, or accept that by name, "
        + "in the profile or with --accept \(Weakness.dangerousCalls.name)")
  }

  /// One warning for each call that is opened, and one where a weakness is accepted with that.
  var warnings: [String] {
    let weakness = Weakness.dangerousCalls
    let accepted = "accepted: \(weakness.name): \(weakness.meaning)"
    return (widened.contains(where: \.isGrave) ? [accepted] : [])
      + widened.map { "system call allowed beyond the \(base.title) filter: \(Self.words($0))" }
  }

  private static func words(_ call: WidenedCall) -> String { "\(call.name): \(call.opens)" }
}

extension SystemCallChanges {
  /// For the audit log.
  var record: Launch.SystemCalls {
    Launch.SystemCalls(base: base.title, widened: widened.map(Self.words), denied: denied)
  }

  /// For `--dry-run`.
  var text: [String] {
    ["system calls: \(base.title)"] + widened.map { "  allowed \(Self.words($0))" }
      + denied.map { "  denied \($0)" }
  }

  func write(to writer: inout JSONWriter) {
    writer.object { calls in
      calls.member("base") { $0.string(JSONString(base.title)) }
      calls.member("allowed") { member in
        member.array { list in
          for call in widened {
            list.object { fields in
              fields.member("name") { $0.string(JSONString(call.name)) }
              fields.member("opens") { $0.string(JSONString(call.opens)) }
            }
          }
        }
      }
      calls.member("denied") { member in
        member.array { list in
          for call in denied { list.string(JSONString(call)) }
        }
      }
    }
  }
}
