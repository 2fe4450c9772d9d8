import JSON

extension LayerDecoder {
  func decodeEnvironment(
    _ cursor: Cursor?, into layer: inout ProfileLayer
  ) throws(ProfileError) {
    guard let cursor else { return }
    let pass =
      try cursor.child("pass")?.values { (text) throws(ValueFault) in
        try VariableRule.passed(VariableRule.name(text))
      } ?? []
    for variable in pass { try add(variable, to: &layer) }
    for (key, keyOrigin, value) in try cursor.child("set")?.entries() ?? [] {
      let name = try located(keyOrigin) { () throws(ValueFault) in try VariableRule.name(key) }
      let variable = try value.value { (text) throws(ValueFault) in
        try VariableRule.literal(name, text)
      }
      try add(Sourced(variable.value, keyOrigin), to: &layer)
    }
  }

  func decodeSecrets(_ cursor: Cursor?, into layer: inout ProfileLayer) throws(ProfileError) {
    for (key, keyOrigin, value) in try cursor?.entries() ?? [] {
      let name = try located(keyOrigin) { () throws(ValueFault) in try SecretGrant.name(key) }
      guard let from = value.child("from") else {
        throw ProfileError(
          .missingKey, "the secret \(name) has no \"from\"", at: keyOrigin,
          hint: "as in { \"from\": \"env:\(name)\" }")
      }
      let source = try from.value { (text) throws(ValueFault) in
        try SecretGrant.source(text, expansion: expansion, trust: trust)
      }
      if let variable = layer.variables.first(where: { $0.value.name == name }) {
        throw ProfileError(
          .conflict, "\(name) is a secret and also a plain variable", at: keyOrigin,
          hint: "the variable is given by \(variable.origin)")
      }
      layer.secrets.append(Sourced(SecretGrant(name: name, source: source.value), keyOrigin))
    }
  }

  /// Within one file a variable is given once.
  private func add(
    _ variable: Sourced<Variable>, to layer: inout ProfileLayer
  ) throws(ProfileError) {
    if let first = layer.variables.first(where: { $0.value.name == variable.value.name }) {
      throw ProfileError(
        .conflict, "\(variable.value.name) is given twice", at: variable.origin,
        hint: "the first time by \(first.origin)")
    }
    layer.variables.append(variable)
  }

  private func located<Value>(
    _ origin: Origin, _ read: () throws(ValueFault) -> Value
  ) throws(ProfileError) -> Value {
    do throws(ValueFault) {
      return try read()
    } catch {
      throw ProfileError(error, at: origin)
    }
  }
}
