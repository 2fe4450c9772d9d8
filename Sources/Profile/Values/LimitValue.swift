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
  /// Below 16 MiB the stage and an interpreter do not fit; above is more than any machine has.
  static let memory = SizeValue(bytes: 16 << 20)...SizeValue(bytes: 1 << 46)
  static let swap = SizeValue(bytes: 64 << 10)...SizeValue(bytes: 1 << 46)
  /// One page at least: a file that nothing can be written to is a read-only grant's business.
  static let fileSize = SizeValue(bytes: 4 << 10)...SizeValue(bytes: 1 << 46)
  /// What a dynamic linker maps before the program has its first byte; 47 bits are all there is.
  static let addressSpace = SizeValue(bytes: 16 << 20)...SizeValue(bytes: 1 << 46)
  /// The initial exchange alone needs a few KiB; one message is held in memory.
  static let messageSize = SizeValue(bytes: 64 << 10)...SizeValue(bytes: 1 << 30)
  /// One page at least, and what a 64-bit tmpfs can be asked for.
  static let temporary = SizeValue(bytes: 64 << 10)...SizeValue(bytes: 1 << 40)
}
