import JSON

/// What the name of a parameter asks a model for.
enum NameRules {
  static func find(parameter text: FoldedText, _ marks: inout Marks) {
    let letters = text.bytes.filter(isLetter)
    let range = 0..<text.original.count
    if context.contains(FoldedText.hash(letters)) {
      marks.add(
        .contextParameter, range,
        "is a parameter that seems to ask for the conversation or for what the model was told")
    } else if secrets.contains(where: { letters.ends(with: $0) }) {
      marks.add(.secretParameter, range, "is a parameter that seems to ask for a secret")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte >= 0x80
  }

  private static func hashes(_ words: String) -> Set<UInt64> {
    Set(words.split { $0 == " " || $0 == "\n" }.map { FoldedText.hash($0.utf8) })
  }

  /// Without what stands between the words of a name.
  private static let context = hashes(
    """
    context fullcontext conversation conversationhistory conversationcontext conversationid chat
    chathistory chatlog chatcontext history messagehistory messages previousmessages
    allmessages dialogue dialog transcript sidenote sidenotes note systemprompt
    systemmessage systeminstructions developerprompt originalprompt initialprompt userprompt
    usermessage userquery userrequest lastmessage lastusermessage chainofthought cot
    reasoning thinking thoughts innerthoughts scratchpad internalmonologue
    modelname modelid availabletools alltools toollist toolslist tools memory memories
    sessioncontext sessionhistory llmcontext aicontext agentcontext usercontext
    """)

  /// What a name ends with.
  private static let secrets = """
    password passwd passphrase apikey apisecret secret secretkey privatekey accesstoken authtoken
    bearertoken refreshtoken credential credentials sshkey creditcard cardnumber seedphrase
    mnemonic sessioncookie
    """.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) }
}

extension [UInt8] {
  fileprivate func ends(with suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}
