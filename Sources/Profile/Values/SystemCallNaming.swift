/// Which names of system calls there are, as the filter's compiler knows them: this module stands
/// beside it and does not import it.
public struct SystemCallNaming: Sendable {
  let isKnown: @Sendable (String) -> Bool
  let nearest: @Sendable (String) -> String?

  public init(
    isKnown: @escaping @Sendable (String) -> Bool,
    nearest: @escaping @Sendable (String) -> String?
  ) {
    self.isKnown = isKnown
    self.nearest = nearest
  }

  /// Leaves unknown names to the compilation of the filter, which knows no line.
  public static let unchecked = SystemCallNaming(isKnown: { _ in true }, nearest: { _ in nil })

  func name(_ text: String) throws(ValueFault) -> String {
    let isName =
      !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    guard isName, isKnown(text) else {
      throw ValueFault(
        .impossibleValue, "no system call is called \(Printable.quoted(text))",
        hint: isName ? nearest(text).map { "did you mean \"\($0)\"" } : nil)
    }
    return text
  }
}
