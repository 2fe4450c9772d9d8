import Control
import Credentials
import JSON
import MCP

/// The trace that a call belongs to, for the audit log: `traceparent`, `tracestate` and `baggage` of
/// its `_meta`, which themselves pass untouched.
///
/// What does not have the form that W3C Trace Context and W3C Baggage prescribe is named and not
/// repeated: in the log it would pass for a trace that there is.
struct TraceContext: Equatable {
  private(set) var fields: [Field] = []
  private(set) var malformed: [String] = []

  struct Field: Equatable {
    var name: String
    var text: [UInt8]
  }

  /// Nil where the request names none.
  init?(_ meta: ObjectView, _ redactor: Redactor) {
    for (name, key, longest, isValid) in Self.rules {
      guard let member = meta.member(key) else { continue }
      guard let text = meta.line.string(member.value)?.utf8, isValid(text) else {
        malformed.append(name)
        continue
      }
      // A list is cut between its members: half of one would be another.
      let excerpt = redactor.excerpt(text, longest + 1)
      fields.append(Field(name: name, text: Self.shortened(excerpt, longest)))
    }
    if fields.isEmpty && malformed.isEmpty { return nil }
  }

  var controlFields: [ControlField] {
    let known = fields.map { ControlField($0.name, .text($0.text)) }
    guard !malformed.isEmpty else { return known }
    return known + [
      ControlField("malformedTrace", .text(Array(malformed.joined(separator: " ").utf8)))
    ]
  }

  private typealias Rule = (
    name: String, key: JSONString, longest: Int, isValid: @Sendable ([UInt8]) -> Bool
  )

  private static let rules: [Rule] = [
    ("traceparent", MetaKey.traceparent, 128, TraceForm.isParent),
    ("tracestate", MetaKey.tracestate, 512, TraceForm.isState),
    ("baggage", MetaKey.baggage, 512, TraceForm.isBaggage),
  ]

  private static func shortened(_ text: [UInt8], _ longest: Int) -> [UInt8] {
    guard text.count > longest else { return text }
    let end = text.prefix(longest + 1).lastIndex(of: UInt8(ascii: ",")) ?? 0
    return Array(text[..<end]) + Array("…".utf8)
  }
}

/// The grammars of W3C Trace Context (level 2) and W3C Baggage.
enum TraceForm {
  /// `VERSION-TRACE-PARENT-FLAGS` in lower-case hexadecimal digits. A version after 00 may go on
  /// behind another hyphen; ff is none.
  static func isParent(_ text: [UInt8]) -> Bool {
    let lengths = [2, 32, 16, 2]
    guard text.count >= 55, text.count <= 128 else { return false }
    var at = 0
    var parts: [ArraySlice<UInt8>] = []
    for length in lengths {
      let part = text[at..<(at + length)]
      guard part.allSatisfy(isLowerHexadecimal) else { return false }
      parts.append(part)
      at += length
      if at < 55 {
        guard text[at] == UInt8(ascii: "-") else { return false }
        at += 1
      }
    }
    let isZero = { (part: ArraySlice<UInt8>) in part.allSatisfy { $0 == UInt8(ascii: "0") } }
    guard !parts[0].elementsEqual("ff".utf8), !isZero(parts[1]), !isZero(parts[2]) else {
      return false
    }
    if text.count == 55 { return true }
    return !isZero(parts[0]) && text[55] == UInt8(ascii: "-")
      && text.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// Up to 32 members `KEY=VALUE`; members may be empty.
  static func isState(_ text: [UInt8]) -> Bool {
    let members = list(text).filter { !$0.isEmpty }
    return !members.isEmpty && members.count <= 32 && members.allSatisfy(isStateMember)
  }

  /// Up to 180 members `KEY=VALUE`, each with properties behind semicolons.
  static func isBaggage(_ text: [UInt8]) -> Bool {
    let members = list(text)
    return text.count <= 8192 && members.count <= 180 && members.allSatisfy(isBaggageMember)
  }

  private static func list(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(trimmed)
  }

  private static func isStateMember(_ member: ArraySlice<UInt8>) -> Bool {
    guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return false }
    let key = member[..<equals]
    let value = member[(equals + 1)...]
    guard let first = key.first, isLowerCase(first) || isDigit(first), key.count <= 256,
      value.count <= 256
    else { return false }
    return key.allSatisfy { isLowerCase($0) || isDigit($0) || "_-*/@".utf8.contains($0) }
      && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
  }

  private static func isBaggageMember(_ member: ArraySlice<UInt8>) -> Bool {
    let parts = member.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map(trimmed)
    guard let first = parts.first, isPair(first, needsValue: true) else { return false }
    return parts.dropFirst().allSatisfy { isPair($0, needsValue: false) }
  }

  private static func isPair(_ pair: ArraySlice<UInt8>, needsValue: Bool) -> Bool {
    guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else {
      return !needsValue && isToken(pair)
    }
    return isToken(trimmed(pair[..<equals]))
      && trimmed(pair[(equals + 1)...]).allSatisfy {
        (0x21...0x7E).contains($0) && !"\"\\,;".utf8.contains($0)
      }
  }

  /// RFC 9110's `token`.
  private static func isToken(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty
      && text.allSatisfy {
        isLowerCase($0 | 0x20) && $0 >= 0x41 || isDigit($0) || "!#$%&'*+-.^_`|~".utf8.contains($0)
      }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var text = text
    while let first = text.first, isSpace(first) { text.removeFirst() }
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLowerCase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte)
  }
}
