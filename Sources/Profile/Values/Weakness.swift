/// A weakness that a profile can accept by name. The list is closed: accepting what does not exist
/// is an error, since it would be read and ignored.
public struct Weakness: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// What is given up, as printed at launch.
  public let meaning: String

  public var description: String { name }

  public static let noLandlock = Weakness(
    name: "no-landlock",
    meaning: "the server and Cordon's own parts stand behind mounts and filters alone, without the "
      + "second wall (Linux 5.19 has the first Landlock that programs can work under)")

  public static let dangerousCalls = Weakness(
    name: "dangerous-calls",
    meaning: "system calls are allowed that go round other layers or lay open most of the kernel")

  public static let grantOfRoot = Weakness(
    name: "grant-of-root",
    meaning: "the server sees the machine's whole disk, but for what the sandbox has of its own")

  public static let grantOfHome = Weakness(
    name: "grant-of-home",
    meaning: "the server sees a home directory: its keys, its tokens, and what a shell starts")

  public static let socketsInGrants = Weakness(
    name: "sockets-in-grants",
    meaning: "programs of the machine that listen inside a granted directory can be reached")

  public static let startupFilesInGrants = Weakness(
    name: "startup-files-in-grants",
    meaning: "what an editor, a shell or git runs by itself can be made in a writable grant "
      + "where it is missing")

  public static let noMemoryLimit = Weakness(
    name: "no-memory-limit",
    meaning: "no cgroup bounds the server's memory: setrlimit bounds only what each process takes "
      + "for itself")

  public static let noSwapLimit = Weakness(
    name: "no-swap-limit",
    meaning: "what the server may not keep in memory can fill the machine's swap")

  public static let noProcessorLimit = Weakness(
    name: "no-cpu-limit",
    meaning: "the server can use all processor time that nobody else wants")

  public static let all = [
    noLandlock, dangerousCalls, grantOfRoot, grantOfHome, socketsInGrants, startupFilesInGrants,
    noMemoryLimit, noSwapLimit, noProcessorLimit,
  ]

  static func named(_ text: String) throws(ValueFault) -> Weakness {
    guard let weakness = all.first(where: { $0.name.hasSameBytes(as: text) }) else {
      throw ValueFault(
        .impossibleValue, "no weakness is called \(Printable.quoted(text))",
        hint: Suggestion.hint(for: text, in: all.map(\.name)))
    }
    return weakness
  }
}
