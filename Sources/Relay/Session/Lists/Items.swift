import Control
import JSON
import Manifest

extension Session {
  /// Reports what the server has of one kind; the pins that answer it carry its number.
  mutating func observe(_ kind: ItemKind, unknown: [Item], present: [PinnedItem]) {
    sequence += 1
    for item in unknown {
      outputs.append(
        .report(
          .item(
            sequence: sequence, kind: kind.rawValue, name: item.name.utf8,
            canonical: item.canonical)))
    }
    outputs.append(.report(.observed(sequence: sequence, kind: kind.rawValue, present: present)))
  }

  /// The first of many one by one, the others as a number: a server's list is not to flood the
  /// audit log.
  mutating func tellWithheld(_ items: [PinnedItem]) {
    let new = items.filter { !told.contains($0.digest) }
    for item in new.prefix(SessionSettings.mostToldAtOnce) { tellWithheld(item) }
    let more = new.dropFirst(SessionSettings.mostToldAtOnce)
    guard let first = more.first, told.count < SessionSettings.mostItems else { return }
    told.formUnion(more.map(\.digest))
    report(
      "withheld",
      [
        ControlField("kind", .text(Array(first.kind.utf8))),
        ControlField("more", .integer(Int64(more.count))),
      ])
  }

  /// Puts a definition that is not shown into the audit log, once per session.
  mutating func tellWithheld(_ item: PinnedItem) {
    guard told.count < SessionSettings.mostItems, told.insert(item.digest).inserted else { return }
    let state = pins.state(of: item) == .rejected ? "rejected" : "waiting"
    report(
      "withheld",
      [
        ControlField("kind", .text(Array(item.kind.utf8))),
        ControlField("name", .text(settings.redactor.excerpt(item.name, 256))),
        ControlField("digest", .text(Array(item.digest.hex.utf8))),
        ControlField("state", .text(Array(state.utf8))),
      ])
  }
}

extension [UInt8] {
  /// Lower-case hexadecimal digits.
  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
