import Control
import Digest
import JSON
import Kernel
import Manifest

/// The questions that the relay has the host show, where the profile allows that.
///
/// Whoever takes the relay over could answer them in a person's place: that is why it is off where
/// nothing is said. What they could reach is bounded here: tools alone, contents that wait, each
/// once, by the digest that was asked about.
extension Session {
  /// Nanoseconds that an answer may be on its way beside the time that a person has.
  private static let slack: UInt64 = 5_000_000_000

  func ask(_ number: UInt64, _ item: PinnedItem) throws(SystemError) {
    try order(.question(number: number, text: question(number, item)))
  }

  private func question(_ number: UInt64, _ item: PinnedItem) -> String? {
    guard let seconds = launch.relay.questionSeconds,
      item.kind.utf8.elementsEqual(ItemKind.tool.rawValue.utf8),
      let digest = Digest(bytes: item.digest)
    else { return nil }
    let now = Clock.monotonicNanoseconds()
    let pin = Pin(ItemKey(.tool, JSONString(utf8: item.name)), digest)
    let due = now + UInt64(seconds) * 1_000_000_000 + Self.slack
    guard questions.open(number, pin, until: due, at: now) else { return nil }
    guard let review = pins.review(of: pin) else {
      // Nothing was shown, and nothing can be answered.
      _ = questions.close(number, at: now)
      return nil
    }
    pins.recordAsked(pin, by: .elicitation)
    return pins.shownWithoutSecrets(QuestionText(review).text)
  }

  func take(_ answer: HostAnswer, to number: UInt64) throws(SystemError) {
    if let pin = questions.close(number, at: Clock.monotonicNanoseconds()) {
      pins.recordAnswer(pin, answer.rawValue, by: .elicitation)
      switch answer {
      case .approve, .reject:
        pins.decide(approving: answer == .approve, pin, by: .elicitation)
        try sendPins(sequence: 0)
      case .later, .unclear, .declined, .cancelled, .failed, .unanswered: break
      }
    }
    try order(.decided(number: number))
  }
}
