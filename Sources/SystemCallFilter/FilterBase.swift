import FilterCompiler

/// The server's filter that a profile's changes start from.
public enum FilterBase: UInt64, CaseIterable, Sendable {
  case standard = 1
  /// What a measured load of language runtimes needs, and no more.
  case strict = 2

  /// The profile's word for it.
  public var title: String { self == .strict ? "strict" : "default" }

  /// Compiled while Cordon was built.
  var built: FilterProgram { self == .strict ? .strict : .server }

  var filter: Filter { self == .strict ? .strict : .server }

  /// The filter that decides a call which this one lacks, once a profile allows it.
  var wider: Filter? { self == .strict ? .server : nil }
}

/// A call that a profile allows and the filter that it starts from does not.
public struct WidenedCall: Hashable, Sendable {
  public let name: String
  /// What that opens, in words.
  public let opens: String
  /// Another layer no longer holds behind it, or most of the kernel lies open.
  public let isGrave: Bool
}

extension FilterBase {
  /// What allowing these calls opens, call by call; those that are allowed already are left out.
  public func widened(by calls: [String]) -> [WidenedCall] {
    // Nearly every launch: the tables of rules are not even made then.
    if calls.isEmpty { return [] }
    return filter.widenings(allow: calls, wider: wider).map { widening in
      WidenedCall(
        name: widening.call, opens: widening.opening.meaning, isGrave: widening.opening.isGrave)
    }
  }
}
