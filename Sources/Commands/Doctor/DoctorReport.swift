import JSON

/// The doctor's rows in print.
struct DoctorReport {
  let rows: [DoctorRow]

  /// Whether `cordon run` works here with the default profile.
  var works: Bool { !rows.contains { $0.verdict == .missing } }

  /// - Parameter coloured: repeats in colour what the words say.
  func text(coloured: Bool) -> String {
    let width = rows.map(\.id.utf8.count).max() ?? 0
    var text = ""
    for row in rows {
      let word = row.verdict.rawValue
      let padding = String(repeating: " ", count: 7 - word.utf8.count)
      let space = String(repeating: " ", count: width - row.id.utf8.count)
      let painted = coloured ? "\u{1B}[1;\(row.verdict.colour)m\(word)\u{1B}[0m" : word
      text += "\(painted)\(padding)  \(row.id)\(space)  \(Printable.text(row.detail))\n"
      if let hint = row.hint { text += "         hint: \(Printable.text(hint))\n" }
    }
    return text + (works ? "cordon run works here\n" : "cordon run does not work here yet\n")
  }

  func json() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("works") { $0.bool(works) }
      root.member("rows") { member in
        member.array { list in
          for row in rows {
            list.object { fields in
              fields.member("id") { $0.string(row.id) }
              fields.member("verdict") { $0.string(row.verdict.rawValue) }
              fields.member("detail") { $0.string(row.detail) }
              fields.member("hint") { member in
                if let hint = row.hint { member.string(hint) } else { member.null() }
              }
            }
          }
        }
      }
    }
    return TerminalSafeJSON.line(writer)
  }
}

extension DoctorRow.Verdict {
  fileprivate var colour: Int {
    switch self {
    case .ok: 32
    case .absent: 33
    case .missing: 31
    }
  }
}
