import FilterCompiler

/// A call in the words of its manual page: `socket(AF_VSOCK)`, `io_uring_setup`.
public enum CallDescription {
  /// The name alone; `system call 999` for a number that no table has.
  public static func name(of number: Int32) -> String {
    SystemCallNames.name(of: number) ?? "system call \(number)"
  }

  /// The name with the arguments that decided.
  public static func text(
    of number: Int32, _ arguments: [ExaminedArguments.Argument]
  ) -> String {
    let name = name(of: number)
    guard !arguments.isEmpty else { return name }
    let words = arguments.map { argument in
      ArgumentNames.word(
        for: argument.value, call: name, argument: argument.index, first: arguments.first?.value)
        ?? "0x\(String(argument.value, radix: 16))"
    }
    return "\(name)(\(words.joined(separator: ", ")))"
  }
}
