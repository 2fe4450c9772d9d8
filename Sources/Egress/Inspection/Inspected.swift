import Control

/// What an inspection says about the bytes that it was just given.
struct Inspected: Equatable {
  enum Verdict: Equatable {
    /// It has not read enough yet, or reads on for as long as the connection lasts.
    case reading
    /// Whatever comes now may pass unread, in both directions.
    case settled
    /// Nothing more may pass.
    case refused(Objection)
  }

  /// So many of the client's bytes may go on, from the first that has not gone yet. Of one stream
  /// the sum of these is the same wherever it is cut.
  var released = 0
  var verdict = Verdict.reading
}

/// Why a client's words must not go out.
struct Objection: Error, Equatable {
  let reason: EgressRefusal.Reason
  /// The host that was named instead, or what is wrong.
  let detail: [UInt8]

  init(_ reason: EgressRefusal.Reason, _ detail: [UInt8] = []) {
    self.reason = reason
    self.detail = detail
  }

  static func notTLS(_ what: String) -> Objection { Objection(.notTLS, Array(what.utf8)) }
  static func notHTTP(_ what: String) -> Objection { Objection(.notHTTP, Array(what.utf8)) }
}
