/// Processor time per time that passes, in hundredths of a processor: 1.0 is one processor's all.
public struct ProcessorShare: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let hundredths: Int

  public init(hundredths: Int) {
    self.hundredths = hundredths
  }

  public static func < (first: ProcessorShare, second: ProcessorShare) -> Bool {
    first.hundredths < second.hundredths
  }

  /// As a profile would write it: `1.5`, `2`.
  public var description: String {
    let rest = hundredths % 100
    if rest == 0 { return "\(hundredths / 100)" }
    let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(hundredths / 100).\(digits)"
  }

  /// The kernel gives out time by the millisecond in periods of a hundred of them.
  static let range = ProcessorShare(hundredths: 1)...ProcessorShare(hundredths: 102_400)

  /// Nil for what has more than two decimals.
  init?(_ number: Double) {
    let hundredths = (number * 100).rounded()
    // What was written with two decimals is no nearer to its double than this.
    guard abs(number * 100 - hundredths) < 1e-6, let whole = Int(exactly: hundredths) else {
      return nil
    }
    self.hundredths = whole
  }
}
