import JSON
import MCP
import Manifest

/// What a server declares, as far as a host is told of it.
///
/// A capability decides what a host does with a server, extensions that nobody has judged included. Where
/// the set is not approved as a whole, its members pass that stand so in the approved one; where none
/// is approved, those of which every item is judged by itself, and the log.
struct ServerCapabilities {
  private let view: ObjectView
  private var isKept: [Bool]

  /// What needs no approval of its own.
  private static let judgedByItem: Set<JSONString> = [
    "tools", "prompts", "resources", "completions", "logging",
  ]

  /// - Parameters:
  ///   - isApproved: whether just this set is.
  ///   - approved: the canonical form of the one that is, or was before this one came.
  init(_ view: ObjectView, isApproved: Bool, approved: [UInt8]?) {
    self.view = view
    let members = view.outline.members
    guard !isApproved else {
      isKept = [Bool](repeating: true, count: members.count)
      return
    }
    let earlier = approved.map(Self.values)
    isKept = members.map { member in
      let key = view.key(of: member)
      guard let earlier else { return Self.judgedByItem.contains(key) }
      guard let value = earlier[key] else { return false }
      return value == Self.canonical(view.line.copy(member.value))
    }
  }

  /// The members of a canonical object, each in canonical form.
  private static func values(_ canonical: [UInt8]) -> [JSONString: [UInt8]] {
    do throws(JSONError) {
      let members = try JSONReader.parse(canonical).object ?? []
      return Dictionary(members.map { ($0.key, Array(canonical[$0.value.range])) }) { first, _ in
        first
      }
    } catch {
      // What was approved is JSON; what cannot be read has no member that another could be like.
      return [:]
    }
  }

  private static func canonical(_ value: [UInt8]) -> [UInt8]? {
    do throws(JSONError) {
      return JSONCanonical.write(try JSONReader.parse(value))
    } catch {
      return nil
    }
  }

  /// The object for the host, with the changes that Cordon itself tells declared on top.
  ///
  /// - Parameter hasNotice: Cordon has a tool of its own to show, also where the server has none.
  /// - Returns: nil where it is the server's as it stands.
  func declared(hasNotice: Bool) -> [UInt8]? {
    var changes: [(member: JSONOutline.Member?, value: [UInt8]?)] = []
    var additions: [(key: String, value: [UInt8])] = []
    var hasTools = false
    for (index, member) in view.outline.members.enumerated() {
      guard isKept[index] else {
        changes.append((member, nil))
        continue
      }
      let key = view.key(of: member)
      guard let change = ListChange.allCases.first(where: { $0.capability == key }) else {
        continue
      }
      if change == .tools { hasTools = true }
      if let told = Self.tellingChanges(ObjectView(view.line, member.value)) {
        changes.append((member, told))
      }
    }
    if !hasTools, hasNotice { additions.append(("tools", Array("{\"listChanged\":true}".utf8))) }
    guard !changes.isEmpty || !additions.isEmpty else { return nil }
    return view.rewritten(changes, adding: additions)
  }

  /// Nil where nothing is to be changed.
  private static func tellingChanges(_ capability: ObjectView?) -> [UInt8]? {
    guard let capability, !capability.isTrue("listChanged") else { return nil }
    let yes = Array("true".utf8)
    let known = capability.member("listChanged")
    return capability.rewritten([(known, yes)], adding: known == nil ? [("listChanged", yes)] : [])
  }
}
