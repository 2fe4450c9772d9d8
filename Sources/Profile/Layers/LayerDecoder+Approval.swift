import JSON

extension LayerDecoder {
  func decodeApproval(_ root: Cursor, into layer: inout ProfileLayer) throws(ProfileError) {
    if let manifest = root.child("manifest") {
      layer.manifest.firstUse = try manifest.child("firstUse")?.choice()
      layer.manifest.notice = try manifest.child("notice")?.choice()
      layer.manifest.text = try manifest.child("text")?.choice()
      layer.manifest.structure = try manifest.child("structure")?.choice()
      layer.manifest.annotations = try manifest.child("annotations")?.choice()
      layer.manifest.appearance = try manifest.child("appearance")?.choice()
      layer.manifest.resources = try manifest.child("resources")?.choice()
      layer.manifest.findings = try manifest.child("findings")?.choice()
    }
    layer.launch = try root.child("launch")?.choice()
    layer.elicitation = try root.child("approval")?.child("elicitation")?.choice()
    if let program = root.child("approval")?.child("program") {
      layer.approvalProgram = try approvalProgram(program)
    }
  }

  private func approvalProgram(
    _ cursor: Cursor
  ) throws(ProfileError) -> Sourced<ApprovalProgram> {
    let elements = try cursor.elements()
    guard let first = elements.first else {
      throw cursor.failure(
        .impossibleValue, "\(cursor.label) is empty",
        hint: #"as in ["/usr/local/bin/ask"], followed by its arguments"#)
    }
    let path = try first.value { (text) throws(ValueFault) in
      let path = try expansion.expand(text)
      guard !path.hasSameBytes(as: "/") else {
        throw ValueFault(.badPath, "a program is named by its path")
      }
      return path
    }
    var arguments: [String] = []
    for element in elements.dropFirst() {
      arguments.append(try element.value(Self.argument).value)
    }
    return Sourced(
      ApprovalProgram(path: path.value, arguments: arguments), cursor.origin)
  }

  static func argument(_ text: String) throws(ValueFault) -> String {
    guard !text.utf8.contains(0) else {
      throw ValueFault(.impossibleValue, "an argument can't have a zero byte in it")
    }
    return text
  }
}
