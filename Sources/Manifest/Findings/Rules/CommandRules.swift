/// Programs that a command had better not start, whether named by an argument of their own or inside a
/// longer one.
enum CommandRules {
  static func find(in argument: [UInt8], _ marks: inout Marks) {
    let words = split(argument)
    for (index, word) in words.enumerated() {
      let name = FoldedText.hash(base(argument[word]))
      for group in groups where group.names.contains(name) {
        // Alone, an option's value may be any word; in a command line it is a program.
        marks.add(group.rule, word, group.sentence)
      }
      let options = words.dropFirst(index + 1)
      if isRemoval(argument[word], with: options.lazy.map { argument[$0] }) {
        marks.add(.destructive, word, "deletes files without asking")
      }
      if shells.contains(name), isPiped(argument, words, index) {
        marks.add(.shellPipe, word, "hands to a shell what another program wrote")
      }
    }
    if contains(argument, "$(") || argument.contains(UInt8(ascii: "`")) || contains(argument, "<(")
    {
      marks.add(.shellPipe, 0..<argument.count, "runs the output of another command")
    }
  }

  /// Whether a program deletes whole folders, by the arguments after it.
  static func isRemoval(
    _ program: ArraySlice<UInt8>, with arguments: some Sequence<ArraySlice<UInt8>>
  ) -> Bool {
    guard FoldedText.hash(base(program)) == remove else { return false }
    return arguments.prefix { $0.first == UInt8(ascii: "-") }.contains { option in
      option.contains { "rRf".utf8.contains($0) }
    }
  }

  /// The last part of a path.
  static func base(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return path[(slash + 1)...]
  }

  /// Whether a word is what a pipe leads to, be it through a program that starts another.
  private static func isPiped(_ bytes: [UInt8], _ words: [Range<Int>], _ index: Int) -> Bool {
    var index = index
    while !follows(bytes, before: words[index].lowerBound) {
      guard index > 0 else { return false }
      index -= 1
      let isOption = bytes[words[index].lowerBound] == UInt8(ascii: "-")
      guard isOption || starters.contains(FoldedText.hash(base(bytes[words[index]]))) else {
        return false
      }
    }
    return true
  }

  private static let starters = Set(
    ["sudo", "doas", "env", "nohup", "exec", "time", "command", "nice", "stdbuf", "xargs"]
      .map { FoldedText.hash($0.utf8) })

  /// Whether a pipe comes right before.
  private static func follows(_ bytes: [UInt8], before index: Int) -> Bool {
    var index = index
    while index > 0, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 { index -= 1 }
    guard index > 0, bytes[index - 1] == UInt8(ascii: "|") else { return false }
    return index < 2 || bytes[index - 2] != UInt8(ascii: "|")
  }

  private static func contains(_ bytes: [UInt8], _ pair: StaticString) -> Bool {
    let wanted = Array(pair.description.utf8)
    return zip(bytes, bytes.dropFirst()).contains { $0 == wanted[0] && $1 == wanted[1] }
  }

  private static func split(_ bytes: [UInt8]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where " \t\n;|&()`\"'<>=$".utf8.contains(byte) {
      if index > start { words.append(start..<index) }
      start = index + 1
    }
    if start < bytes.count { words.append(start..<bytes.count) }
    return words
  }

  private struct Group {
    let rule: Finding.Rule
    let sentence: String
    let names: Set<UInt64>

    init(_ rule: Finding.Rule, _ sentence: String, _ names: String) {
      self.rule = rule
      self.sentence = sentence
      self.names = Set(names.split(separator: " ").map { FoldedText.hash($0.utf8) })
    }
  }

  private static let remove = FoldedText.hash("rm".utf8)
  private static let shells = Set(
    [
      "sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "python", "python3", "node", "perl",
      "ruby",
    ]
    .map { FoldedText.hash($0.utf8) })

  private static let groups = [
    Group(
      .privilege, "takes another user's rights", "sudo sudoedit doas su pkexec run0 runuser gosu"),
    Group(
      .destructive, "destroys data", "mkfs mkfs.ext4 shred wipefs fdisk parted dd blkdiscard"),
    Group(
      .networkTool, "starts a program that moves data over the network",
      "curl wget nc ncat netcat ssh scp sftp socat telnet ftp tftp lftp rsync aria2c ngrok cloudflared nmap autossh sshfs"
    ),
    Group(
      .containerTool, "starts a program that runs others outside this sandbox or around it",
      "docker podman nerdctl kubectl lxc systemd-run nsenter chroot unshare bwrap runc ctr machinectl crictl flatpak"
    ),
    Group(
      .shellPipe, "runs text as a command", "eval"),
  ]
}
