import Kernel

/// What a session tells at standard error, kept to what a person can read: the reasons for it may be
/// a part that someone took over.
final class Notices {
  /// Warnings and errors that are told as they come.
  static let free = 64
  /// Nanoseconds between those behind them.
  static let interval: UInt64 = 10_000_000_000
  /// Bytes of one text.
  static let longest = 2000

  private let tell: (SessionNotice) -> Void
  private let now: () -> UInt64
  private var told = 0
  private var leftOut = 0
  private var next: UInt64 = 0

  init(
    now: @escaping () -> UInt64 = { Clock.monotonicNanoseconds() },
    _ tell: @escaping (SessionNotice) -> Void
  ) {
    self.now = now
    self.tell = tell
  }

  func tell(_ notice: SessionNotice) {
    switch notice {
    case .refused:
      tell(notice)
    case .progress(let text):
      tell(.progress(Self.cut(text)))
    case .slow(let text, let hint):
      // There are a handful at most.
      tell(.slow(Self.cut(text), hint: hint.map(Self.cut)))
    case .refusal(let text, let hint):
      // The book that they come from counts them.
      tell(.refusal(Self.cut(text), hint: hint))
    case .network(let text, let hint):
      tell(.network(Self.cut(text), hint: hint))
    case .error(let text, let hint):
      if mayTell() { tell(.error(Self.cut(text) + remark(), hint: hint)) }
    case .warning(let text, let hint):
      if mayTell() { tell(.warning(Self.cut(text) + remark(), hint: hint)) }
    }
  }

  private func mayTell() -> Bool {
    told += 1
    let now = now()
    guard told > Self.free, now < next else {
      if told >= Self.free { next = now + Self.interval }
      return true
    }
    leftOut += 1
    return false
  }

  private func remark() -> String {
    defer { leftOut = 0 }
    return leftOut == 0 ? "" : " (\(leftOut) messages were left out)"
  }

  static func cut(_ text: String) -> String {
    let bytes = text.utf8
    if bytes.count <= longest { return text }
    return String(decoding: bytes.prefix(longest), as: UTF8.self)
      + "… (\(bytes.count) bytes in all)"
  }
}
