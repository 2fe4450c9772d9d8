/// Redacts text that comes in pieces. What could be the beginning of a secret is held back until
/// it is clear: fewer bytes than the longest form of a secret has.
public struct RedactionStream: Sendable {
  private let redactor: Redactor
  private var held: [UInt8] = []
  /// Bytes still to come that belong to a secret of which the marker was written.
  private var covered = 0

  public init(_ redactor: Redactor) {
    self.redactor = redactor
  }

  /// Bytes that wait for what follows.
  public var heldCount: Int { held.count }

  /// - Returns: what can be shown now.
  public mutating func push(_ bytes: some Collection<UInt8>) -> [UInt8] {
    if redactor.isEmpty { return Array(bytes) }
    held += bytes
    return advance(isEnd: false)
  }

  /// No more follows: what was held back is no secret, or only the beginning of one.
  public mutating func finish() -> [UInt8] {
    let rest = advance(isEnd: true)
    covered = 0
    return rest
  }

  /// Every place is looked at, also inside a match: secrets that overlap disappear together.
  private mutating func advance(isEnd: Bool) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(held.count)
    var index = 0
    scan: while index < held.count {
      switch redactor.match(in: held, at: index, isEnd: isEnd) {
      case .undecided:
        break scan
      case .pattern(let pattern):
        if covered == 0 { output += pattern.marker }
        covered = max(covered, pattern.bytes.count)
      case .none:
        break
      }
      if covered > 0 {
        covered -= 1
      } else {
        output.append(held[index])
      }
      index += 1
    }
    held.removeFirst(index)
    return output
  }
}
