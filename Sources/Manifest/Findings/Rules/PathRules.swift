/// Files in which people keep secrets, and which a description has no reason to name.
enum PathRules {
  static func find(in text: FoldedText, _ marks: inout Marks) {
    let bytes = text.bytes
    for index in bytes.indices {
      for needle in needles[Int(bytes[index])] where matches(needle, bytes, at: index) {
        let range = index..<(index + needle.count)
        marks.add(
          .secretPath, text.original(range), "names a file or folder in which secrets are kept")
      }
    }
  }

  /// Whether a text names one.
  static func names(secretIn text: [UInt8]) -> Bool {
    let bytes = text.map(Letters.small)
    return bytes.indices.contains { index in
      needles[Int(bytes[index])].contains { matches($0, bytes, at: index) }
    }
  }

  private static func matches(_ needle: [UInt8], _ bytes: [UInt8], at index: Int) -> Bool {
    guard bytes[index...].starts(with: needle) else { return false }
    // `process.env` is a variable, `.environment` another word.
    if index > 0, FoldedText.isWord(bytes[index - 1]),
      FoldedText.isWord(needle[0]) || needle[0] == UInt8(ascii: ".")
    {
      return false
    }
    let end = index + needle.count
    return end >= bytes.count || !FoldedText.isWord(bytes[end])
      || !FoldedText.isWord(needle[needle.count - 1])
  }

  /// By their first byte.
  private static let needles: [[[UInt8]]] = {
    var table: [[[UInt8]]] = Array(repeating: [], count: 256)
    for needle in list.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let bytes = Array(needle.utf8)
      table[Int(bytes[0])].append(bytes)
    }
    return table
  }()

  private static let list = """
    .ssh id_rsa id_dsa id_ecdsa id_ed25519 authorized_keys known_hosts .aws .azure .gnupg .netrc
    .npmrc .pypirc .pgpass .my.cnf .git-credentials .gitconfig .env .envrc .kube/config
    .docker/config.json .config/gcloud .config/gh application_default_credentials.json
    credentials.json service-account.json serviceaccount.json secrets.json secrets.yaml secrets.yml
    mcp.json .cursor .claude.json .claude .codex .gemini claude_desktop_config.json
    .bash_history .zsh_history .bashrc .zshrc .profile /etc/passwd /etc/shadow /etc/sudoers
    /proc/self/environ /proc/1/environ /run/secrets /var/run/secrets cookies.sqlite wallet.dat
    logins.json key4.db .password-store .vault-token .terraformrc .boto .s3cfg
    keychain-db login.keychain
    """
}
