/// What it opens to allow a call whatever its arguments, in words for the person who does it.
public struct Opening: Hashable, Sendable {
  public let meaning: String
  /// Another layer of the sandbox no longer holds behind it, or most of the kernel lies open: a
  /// profile must accept that by name as well.
  public let isGrave: Bool

  static func plain(_ meaning: String) -> Opening { Opening(meaning: meaning, isGrave: false) }
  static func grave(_ meaning: String) -> Opening { Opening(meaning: meaning, isGrave: true) }
}

/// A call that a profile allows and its filter did not.
public struct Widening: Hashable, Sendable {
  public let call: String
  public let opening: Opening
}
