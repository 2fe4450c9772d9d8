/// A few instructions ahead of libseccomp's program, for calls that its tables lack: it refuses their
/// numbers when it compiles for another architecture than its own.
enum NewerCalls {
  typealias Entry = (number: Int32, action: Action)

  static func program(_ entries: [Entry], on architecture: Architecture) -> [UInt64] {
    guard !entries.isEmpty else { return [] }
    let last = entries.count * 2
    // What is not this architecture's own, or is older, is left to libseccomp's program behind this.
    var words = [
      instruction(loadWord, 4),  // seccomp_data.arch
      instruction(jumpIfEqual, architecture.token, no: last + 2),
      instruction(loadWord, 0),  // seccomp_data.nr
      instruction(jumpIfAtLeast, oldest, no: last),
    ]
    for entry in entries {
      words.append(instruction(jumpIfEqual, UInt32(entry.number), no: 1))
      words.append(instruction(returnValue, entry.action.word))
    }
    return words
  }

  private static var oldest: UInt32 { UInt32(SystemCallNames.newer[0].number) }

  // BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JGE|BPF_K, BPF_RET|BPF_K
  private static let loadWord: UInt16 = 0x20
  private static let jumpIfEqual: UInt16 = 0x15
  private static let jumpIfAtLeast: UInt16 = 0x35
  private static let returnValue: UInt16 = 0x06

  /// `struct sock_filter`, little-endian on both architectures; `no` instructions are skipped where a
  /// comparison fails. (There are thirteen newer calls: a jump of 255 is far away.)
  private static func instruction(_ code: UInt16, _ value: UInt32, no: Int = 0) -> UInt64 {
    UInt64(code) | UInt64(UInt8(no)) << 24 | UInt64(value) << 32
  }
}
