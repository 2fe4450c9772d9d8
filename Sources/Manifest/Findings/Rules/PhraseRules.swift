/// Sentences that are meant for a model and not for a person.
///
/// Curated from published attacks on tool descriptions: what a description of a tool has no business to say.
enum PhraseRules {
  static func find(in text: FoldedText, _ marks: inout Marks) {
    var index = 0
    while index < text.words.count {
      let word = text.words[index]
      index += 1
      guard let phrases = table[word.hash] else { continue }
      for phrase in phrases {
        guard let end = phrase.end(in: text.words, after: index) else { continue }
        let range = word.range.lowerBound..<text.words[end - 1].range.upperBound
        marks.add(phrase.rule, text.original(range), phrase.sentence)
      }
    }
  }

  private static let table: [UInt64: [Phrase]] = {
    var table: [UInt64: [Phrase]] = [:]
    for group in groups {
      for pattern in group.patterns {
        for (first, phrase) in Phrase.parse(pattern, group.rule, group.sentence) {
          for word in first { table[word, default: []].append(phrase) }
        }
      }
    }
    return table
  }()

  private struct Group {
    let rule: Finding.Rule
    let sentence: String
    let patterns: [String]
  }

  private static let groups = [
    Group(
      rule: .secrecy, sentence: "asks to keep something from the user",
      patterns: [
        "NOT tell|mention|inform|notify|alert|reveal|disclose|show|warn|say|report|explain|expose|admit|acknowledge|discuss *3 USER",
        "NOT tell|mention|reveal|disclose|say|explain|discuss|acknowledge this|that|it|these|any|anything",
        "NOT let *2 USER know|see|notice|find",
        "without telling|informing|notifying|asking|mentioning|alerting|warning|showing *2 USER",
        "without *2 USER|user's knowledge|consent|permission|noticing|knowing|approval|confirmation",
        "without asking|requesting *2 permission|confirmation|approval|consent",
        "keep|keeping this|it|that|them|these *1 secret|hidden|confidential",
        "hide|hiding|conceal|concealing *4 from *1 USER",
        "secretly|covertly|surreptitiously",
        "silently|quietly|discreetly send|forward|copy|include|add|call|read|upload|bcc|append|execute|run|invoke|pass|attach|collect|record",
        "USER does|do|should|must|need not|never *2 know|see|notice|aware",
        "USER doesn't|don't|shouldn't|mustn't *2 know|see|notice|care",
        "user *2 not be told|informed|aware|notified",
        "the user knows already|about",
        "avoid mentioning|telling|disclosing|revealing",
      ]),
    Group(
      rule: .override, sentence: "asks to set other instructions aside",
      patterns: [
        "ignore|disregard|forget|override|bypass|discard|neglect *3 previous|prior|earlier|above|preceding|all|any|other|your|system|original|initial *2 instruction|instructions|rules|prompt|prompts|guidelines|policy|policies|restrictions|directives|context|messages|commands|guardrails|constraints",
        "ignore|disregard|forget everything|anything|all|whatever *3 above|before|previous|previously|earlier|said|told",
        "your|the new|real|actual|true instructions|task|role|goal|objective|instruction is|are",
        "new|updated|additional system instructions|prompt",
        "you are now", "from now on",
        "pretend to be|you|that", "developer|god|dan|jailbreak mode",
        "takes|take|has|have precedence|priority over *4 instructions|rules|prompt|tools|everything|other",
        "supersedes|overrides *4 instructions|rules|prompt|prompts|guidelines",
        "regardless of *4 instructions|rules|guidelines|asks|asked|says|said",
        "even if *3 USER|instructions *3 not|otherwise|asked|says|forbid|forbids",
        "system prompt *2 ignore|override|changed|updated",
      ]),
    Group(
      rule: .callOrder, sentence: "says when a model must call it, before or around other tools",
      patterns: [
        "before|after using|calling|invoking|executing|running|accessing *3 tool|tools|function|functions|action",
        "before you use|call|invoke|run|execute *3 tool|tools|function|functions",
        "prior to using|calling|invoking|any|executing|every *3 tool|tools|function|action",
        "must be called|used|invoked|run|executed *2 first|before|prior|always|after",
        "call|use|invoke|run|execute this *2 first|before|prior",
        "always|only call|use|invoke|run|execute|prefer this|it *2 instead|over|first|before|rather|tool",
        "when|whenever|every|each|any *2 tool|tools is|are called|used|invoked|run|available",
        "instead of *2 any|other|all *2 tool|tools",
        "NOT use|call|invoke|trust *2 other|any *2 tool|tools|server|servers",
        "use|call this *2 for|on every|all|any|each *2 request|requests|message|messages|task|tasks|query|queries|question|questions",
      ]),
    Group(
      rule: .command, sentence: "gives the model an order that goes beyond what the tool does",
      patterns: [
        "you must|shall always|first|also|never|not|immediately|include|send|pass|provide|call|read|run|execute|invoke|fetch|append|copy|forward|obey|comply|use|follow",
        "you should|need|have to? always|first|also|immediately send|pass|call|read|run|execute|invoke|fetch|append|copy|forward|use",
        "make sure|certain to *2 send|pass|include|read|forward|append|copy|upload",
        "this is|as mandatory|compulsory|critical *2 step|requirement|instruction",
        "or|otherwise|else *1 the|this tool|system|call|server will|would not|fail|crash|break|stop|refuse",
        "as an? ai|assistant|llm|model|agent",
        "dear|attention ai|assistant|llm|model|agent|models|agents",
        "obey|comply *4 instruction|instructions|command|commands|rules",
        "follow these|the|my *2 instructions|steps exactly|carefully|strictly|verbatim|without",
        "read|open|cat|load|print|get *6 pass|send|include|forward|put|provide|append|attach *5 as|in|to|into|parameter|argument",
        "exfiltrate|exfiltrating|exfil",
        "send|forward|transmit|upload|leak|copy|pass|include|provide *5 conversation|credentials|passwords|password|secrets|history|transcript *4 to|as|in",
        "add|include *3 bcc", "bcc *3 to|every|all|each",
      ]),
    Group(
      rule: .contextRequest, sentence: "asks for the conversation or for what the model was told",
      patterns: [
        "system|developer|hidden|initial|original prompt|prompts|instructions|message",
        "chain of thought",
        "entire|full|whole|complete|previous|prior|current|recent|all|ongoing *2 conversation|chat|dialogue|transcript|messages",
        "conversation|chat|message|dialogue history|transcript|log|context|so",
        "everything|all *3 user *2 said|told|wrote|typed|asked|provided",
        "user's last|latest|previous|original|exact|full|entire message|messages|question|prompt|request|query|words",
        "list|names|descriptions|schemas|details of *2 available|other|all|your *1 tool|tools",
        "your|model's|assistant's internal? reasoning|thoughts|thinking|memory|memories|context|instructions",
        "what you|the were|was|are|model|assistant *1 told|thinking|instructed",
        "contents? of *2 your|the context|conversation",
      ]),
    Group(
      rule: .shellCommand, sentence: "has a shell command in it",
      patterns: [
        "curl|wget *4 http|https", "rm rf|fr", "rm r f",
        "sudo rm|apt|sh|bash|chmod|chown|cp|cat|tee|mv|systemctl|su", "chmod 777|x",
        "bash|sh|zsh|cmd c", "python|python3 c", "node|perl|ruby e", "nc|ncat e|l|lvp|nv",
        "base64 d|decode", "powershell|pwsh enc|encodedcommand|c|command",
        "eval atob|unescape|base64|exec",
      ]),
  ]
}
