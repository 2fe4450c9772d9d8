import Profile

extension ServerName {
  /// A server's name on the command line. It becomes a file's name in the stores, so nothing but
  /// a name is let through.
  init(argument: String) throws(CommandError) {
    guard let name = ServerName(argument) else {
      throw CommandError(
        .usage, "'\(argument)' can't be a server's name",
        hint: "a name is up to 64 of A-Z a-z 0-9 . _ - and begins with a letter or digit")
    }
    self = name
  }
}
