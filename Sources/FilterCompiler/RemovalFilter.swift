extension Filter {
  /// What removes a server's files does: open directories, list them, remove names.
  ///
  /// Nothing is read or written but the report, and nothing is executed or sent anywhere.
  public static let removal = Filter(
    "removal", fallback: .killProcess,
    groups: [
      Group("directories, beneath one that is open", .allow, "fstat getdents64 newfstatat openat2"),
      Group("names in them", .allow, "renameat2 unlinkat"),
      Group("the report", .allow, "write writev"),
      Group("descriptors", .allow, "close"),
      Group("flags of descriptors", descriptorFlags, "fcntl"),
    ] + runtime)
}
