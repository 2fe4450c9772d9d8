public import JSON

/// What changed from one content of an item to another, field by field.
public struct Difference: Equatable, Sendable {
  /// What kind of thing a field is, ordered by how much it matters.
  public enum Class: String, CaseIterable, Comparable, Sendable {
    /// A string that a model may read, wherever in the object it stands.
    case modelText = "model-text"
    /// What is accepted and returned.
    case structure
    /// Annotations: what the server says of itself.
    case hints
    /// Icons and metadata.
    case appearance

    private var rank: Int { Class.allCases.firstIndex(of: self) ?? 0 }

    public static func < (left: Class, right: Class) -> Bool { left.rank < right.rank }
  }

  /// A field's content.
  public struct Value: Equatable, Sendable {
    /// As canonical JSON.
    public let canonical: [UInt8]
    /// For a string, its text.
    public let text: JSONString?

    init(_ node: JSONNode) {
      canonical = JSONCanonical.write(node)
      text = node.string
    }

    /// A list of names or other scalars.
    init(list: [JSONNode]) {
      var writer = JSONWriter()
      writer.array { elements in for node in list { elements.raw(JSONCanonical.write(node)) } }
      canonical = writer.bytes
      text = nil
    }

    /// A whole body as it is.
    init(body: [UInt8]) {
      canonical = body
      text = nil
    }

    /// A body that is not JSON, as one string.
    init(unreadable body: [UInt8]) {
      let whole = JSONString(utf8: body)
      var writer = JSONWriter()
      writer.string(whole)
      canonical = writer.bytes
      text = whole
    }
  }

  public enum Change: Equatable, Sendable {
    case added(Value)
    case removed(Value)
    case changed(from: Value, to: Value)
  }

  public struct Entry: Equatable, Sendable {
    public let path: FieldPath
    public let fieldClass: Class
    public let change: Change
    /// For a string that became another, the words that did; otherwise empty.
    public let words: [WordRun]
    /// What the change means, in words of Cordon's own.
    public let note: String?
    /// Whether the server now promises less than before.
    public let isWeakening: Bool
    /// Whether the server now promises more than before: a host may stop asking because of it.
    public let isPromise: Bool
    /// Why the change is a small one; nil where nothing speaks for that.
    public let smallness: Smallness?
  }

  /// What makes a change small, whatever its class.
  public enum Smallness: String, Sendable {
    /// A hint is left out: servers do so by changing their library.
    case omission
    /// Only the order of a list's elements is another, which has no meaning where they stand.
    case order
    /// A title says no more than the name that it stands under: libraries make such titles.
    case repetition
    /// The machine that the server runs on explains it.
    case environment
  }

  public let kind: ItemKind
  /// By class, then in the order of the fields.
  public let entries: [Entry]
  /// Whether there were two contents to compare, and not only one that came or went.
  public let isComparison: Bool

  public var isEmpty: Bool { entries.isEmpty }

  /// - Parameters:
  ///   - from: the earlier canonical form; nil for an item that is new.
  ///   - to: the later one; nil for an item that is gone.
  public init(kind: ItemKind, from: [UInt8]?, to: [UInt8]?) throws(JSONError) {
    let old = try from.map { (bytes) throws(JSONError) in try JSONReader.parse(bytes) }
    let new = try to.map { (bytes) throws(JSONError) in try JSONReader.parse(bytes) }
    var walk = DifferenceWalk(kind: kind, isComparison: from != nil && to != nil)
    walk.itemName = new?[kind.nameKey]?.string ?? old?[kind.nameKey]?.string
    walk.compare(old, new, at: FieldPath(), FieldContext(item: kind))
    self.kind = kind
    isComparison = from != nil && to != nil
    // Stable: entries of one class keep the order of the walk.
    let found = Class.allCases.flatMap { wanted in
      walk.entries.filter { $0.fieldClass == wanted }
    }
    // Other bytes are another content, whatever the walk made of them: nobody is to approve what
    // looks like nothing.
    entries = found.isEmpty ? Difference.whole(from, to) : found
  }

  /// A body that is not JSON, whole: only a relay that someone took over has such a thing kept. It can
  /// be looked at, and be decided about, like any other.
  public init(kind: ItemKind, unreadable body: [UInt8]) {
    self.kind = kind
    isComparison = false
    entries = [
      Entry(
        path: FieldPath(), fieldClass: .modelText, change: .added(Value(unreadable: body)),
        words: [], note: "this is not JSON, which no server's definition can be",
        isWeakening: false, isPromise: false, smallness: nil)
    ]
  }

  private static func whole(_ from: [UInt8]?, _ to: [UInt8]?) -> [Entry] {
    guard let from, let to, from != to else { return [] }
    return [
      Entry(
        path: FieldPath(), fieldClass: .modelText,
        change: .changed(from: Value(body: from), to: Value(body: to)), words: [], note: nil,
        isWeakening: false, isPromise: false, smallness: nil)
    ]
  }
}
