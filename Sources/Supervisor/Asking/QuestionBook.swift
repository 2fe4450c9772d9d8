import Manifest

/// Which of the relay's questions is about what.
///
/// The relay may be taken over: it names a question by a number, once, and whatever it says of the
/// answer is about what was asked under that number. What is open, what there is in a session, and
/// how long an answer counts are bounded.
struct QuestionBook {
  private struct Question {
    let pin: Pin
    let due: UInt64
  }

  /// The relay has fewer open at once, and in a session.
  static let mostOpen = 8
  static let most = 64

  private var open: [UInt64: Question] = [:]
  private var asked: Set<Pin> = []
  private var last: UInt64 = 0

  /// - Returns: false where this may not be asked: a number that was used, the same content again,
  ///   or more than there may be.
  mutating func open(_ number: UInt64, _ pin: Pin, until due: UInt64, at now: UInt64) -> Bool {
    open = open.filter { $0.value.due > now }
    guard number > last, open.count < Self.mostOpen, asked.count < Self.most,
      asked.insert(pin).inserted
    else { return false }
    last = number
    open[number] = Question(pin: pin, due: due)
    return true
  }

  /// What was asked under this number; nil where nothing was, or where it was answered already, or
  /// too late.
  mutating func close(_ number: UInt64, at now: UInt64) -> Pin? {
    guard let question = open.removeValue(forKey: number), question.due > now else { return nil }
    return question.pin
  }
}
