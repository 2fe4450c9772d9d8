/// A limit on a count, and the counts that make sense.
public struct LimitValue: Hashable, Sendable, CustomStringConvertible {
  public let count: Int

  public init(_ count: Int) {
    self.count = count
  }

  public var description: String { String(count) }

  /// Threads count as processes; fewer than 4 start no interpreter, and Linux has 4,194,304.
  static let processes = 4...4_194_304
  /// Below 16 a dynamic linker can't open what it needs; above is the kernel's `fs.nr_open`.
  static let openFiles = 16...1_048_576
  /// The initial exchange alone needs a few KiB; one message is held in memory.
  static let messageSize = SizeValue(bytes: 64 << 10)...SizeValue(bytes: 1 << 30)
  /// One page at least, and what a 64-bit tmpfs can be asked for.
  static let temporary = SizeValue(bytes: 64 << 10)...SizeValue(bytes: 1 << 40)
}
