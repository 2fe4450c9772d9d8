import CLinux
import CSeccomp
import Glibc

extension Filter {
  /// The filter as a program for the kernel: one `struct sock_filter` per word.
  ///
  /// A call under a foreign ABI (on x86-64: `int 0x80` and x32 numbers) ends the process.
  public func compile(for architecture: Architecture) throws(FilterError) -> [UInt64] {
    guard let context = unsafe seccomp_init(fallback.word) else {
      throw .step("seccomp_init", errno: EINVAL)
    }
    defer { unsafe seccomp_release(context) }
    if architecture != .current {
      try unsafe check("seccomp_arch_add", seccomp_arch_add(context, architecture.token))
      try unsafe check(
        "seccomp_arch_remove", seccomp_arch_remove(context, Architecture.current.token))
    }
    for (attribute, value) in [
      (SCMP_FLTATR_ACT_BADARCH, Action.killProcess.word),
      // A binary tree over the calls' numbers.
      (SCMP_FLTATR_CTL_OPTIMIZE, 2),
    ] {
      try unsafe check("seccomp_attr_set", seccomp_attr_set(context, attribute, value))
    }
    var newer: [NewerCalls.Entry] = []
    for group in groups {
      let rules = Rule.rules(for: group.decision)
      for call in group.calls {
        switch SystemCallNames.resolve(call, on: architecture) {
        case .known(let number):
          for rule in rules { try unsafe add(rule, number, to: context) }
        case .newer(let number):
          guard case .action(let action) = group.decision else {
            throw .argumentsOfNewerCall(call)
          }
          newer.append((number, action))
        case .elsewhere:
          continue
        case .unknown:
          throw .unknownCall(call, nearest: SystemCallNames.nearest(to: call))
        }
      }
    }
    newer.removeAll { $0.action == fallback }
    return NewerCalls.program(newer, on: architecture) + (try unsafe export(context))
  }

  private func add(
    _ rule: Rule, _ number: Int32, to context: scmp_filter_ctx
  ) throws(FilterError) {
    // libseccomp refuses a rule that says what the fallback says. A tree must not use the
    // fallback's action below another match, or the outer rest would answer instead.
    if rule.action == fallback { return }
    try unsafe check(
      "seccomp_rule_add_array",
      seccomp_rule_add_array(
        context, rule.action.word, number, UInt32(rule.comparisons.count), rule.comparisons))
  }
}

extension Action {
  /// SCMP_ACT_*: macros that the importer does not read.
  var word: UInt32 {
    switch self {
    case .allow: 0x7FFF_0000
    case .errno(let code): 0x0005_0000 | UInt32(UInt16(truncatingIfNeeded: code))
    case .killProcess: 0x8000_0000
    }
  }
}

/// libseccomp returns a negative errno.
private func check(_ step: String, _ result: Int32) throws(FilterError) {
  if result < 0 { throw .step(step, errno: -result) }
}

/// Takes the program out of libseccomp, which writes it to a descriptor only.
private func export(_ context: scmp_filter_ctx) throws(FilterError) -> [UInt64] {
  // A file in memory: a pipe's capacity is not ours to count on.
  let descriptor = unsafe clinux_memfd_create("filter", 0)
  guard descriptor >= 0 else { throw .step("memfd_create", errno: clinux_errno()) }
  defer { close(descriptor) }
  try unsafe check("seccomp_export_bpf", seccomp_export_bpf(context, descriptor))
  let size = Int(lseek(descriptor, 0, SEEK_END))
  let width = MemoryLayout<UInt64>.stride
  guard size > 0, size % width == 0 else { throw .step("lseek", errno: EIO) }
  var words = [UInt64](repeating: 0, count: size / width)
  let count = unsafe words.withUnsafeMutableBytes { bytes in
    unsafe pread(descriptor, bytes.baseAddress, bytes.count, 0)
  }
  guard count == size else { throw .step("pread", errno: EIO) }
  return words
}
