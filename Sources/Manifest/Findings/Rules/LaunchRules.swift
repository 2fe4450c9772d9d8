import JSON
import Profile

/// What is dangerous in a command and in what it is granted.
enum LaunchRules {
  static func findings(_ launch: JSONNode) -> [Finding] {
    var findings: [Finding] = []
    let root = FieldPath()
    let executable = launch["executable"]?["path"]?.string?.utf8 ?? []
    let arguments = (launch["arguments"]?.array ?? []).map { $0.string?.utf8 ?? [] }
    for (index, argument) in ([executable] + arguments).enumerated() {
      let path =
        index == 0
        ? root.appending(.key("executable")).appending(.key("path"))
        : root.appending(.key("arguments")).appending(.index(index - 1))
      var marks = Marks()
      CommandRules.find(in: argument, &marks)
      if CommandRules.isRemoval(
        argument[...], with: arguments.dropFirst(index).lazy.map { $0[...] })
      {
        marks.add(.destructive, 0..<argument.count, "deletes files without asking")
      }
      // The program itself and the name that it is started by are in system directories.
      if index > 1 { PlaceRules.find(argument: argument, &marks) }
      findings += marks.findings(in: argument, at: path)
    }
    findings += inlineCode(executable, arguments)
    for entry in launch["environment"]?.object ?? []
    where SteeringVariables.contains(entry.key.string) {
      findings.append(
        Finding(
          path: root.appending(.key("environment")).appending(.key(entry.key)),
          rule: .steeringVariable,
          sentence: "is a variable that decides which code an interpreter runs",
          excerpt: entry.value.string?.utf8 ?? []))
    }
    for grant in launch["grants"]?.object ?? [] {
      for (index, value) in (grant.value.array ?? []).enumerated() {
        let text = value.string?.utf8 ?? []
        var marks = Marks()
        if grant.key == "accept" {
          marks.add(.weakness, 0..<text.count, "is a weakness of the sandbox that is accepted")
        } else if grant.key == "filesystem.readWrite" {
          PlaceRules.find(writable: text, &marks)
        } else if grant.key == "filesystem.readOnly" || grant.key == "filesystem.command" {
          PathRules.find(in: FoldedText(text), &marks)
        }
        findings += marks.findings(
          in: text,
          at: root.appending(.key("grants")).appending(.key(grant.key)).appending(.index(index)))
      }
    }
    for (index, code) in (launch["unpinned"]?.array ?? []).enumerated() {
      findings.append(
        Finding(
          path: root.appending(.key("unpinned")).appending(.index(index)), rule: .unpinnedCode,
          sentence: "is code that is fetched at each start: nobody knows what it will be",
          excerpt: code.string?.utf8 ?? []))
    }
    return findings
  }

  /// Code among the arguments of an interpreter, wherever in the command that is named.
  private static func inlineCode(_ executable: [UInt8], _ arguments: [[UInt8]]) -> [Finding] {
    var found: [Int: Interpreter] = [:]
    for (index, argument) in arguments.enumerated() {
      let interpreter =
        Interpreter(argument) ?? (index == 0 ? Interpreter(executable) : nil)
      guard let interpreter, let code = interpreter.code(in: arguments, after: index) else {
        continue
      }
      found[code] = interpreter
    }
    return found.sorted { $0.key < $1.key }.map { index, interpreter in
      Finding(
        path: FieldPath([.key("arguments"), .index(index)]), rule: .inlineCode,
        sentence: "hands code to \(interpreter.name) on the command line",
        excerpt: Array(arguments[index].prefix(160)))
    }
  }
}
