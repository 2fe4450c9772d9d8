import Digest
import JSON
import MCP

/// Where the session stands with one of the server's lists.
struct ListState {
  /// Pages being asked for.
  struct Refresh {
    var id: MessageID
    var meta: [UInt8]?
    var pages = 0
    /// As many of them, the first ones, were the same as those of `last`, and have not been read.
    var known = 0
    var list: ItemList
    /// When the page was asked for.
    var asked: UInt64
  }

  /// A complete list whose new items wait for the pins that answer `sequence`.
  struct Confirming {
    var sequence: UInt64
    var list: ItemList
    var pages: Int
  }

  /// What was last reported.
  struct Observed: Equatable {
    var items: [JSONString: Digest]
    var ambiguous: Set<JSONString>
  }

  /// What the host was shown: a change of it is told.
  struct Shown: Equatable {
    var items: [JSONString: Digest]
    /// What the notice among the tools says.
    var waiting: Int
  }

  /// The last complete list, to be looked at again where the next one is the same.
  var last: ItemList?
  /// What of the catalog is visible by the pins of that number.
  var seen: (pins: UInt64, shown: Shown)?
  /// The last complete list, by name; nil before there was one.
  var catalog: [JSONString: Digest]?
  var ambiguous: Set<JSONString> = []
  var refresh: Refresh?
  var confirming: Confirming?
  /// Nil where every request that waited for a list has its answer.
  var ready: ReadyLists?
  /// The server has announced a change since the last list was begun.
  var isStale = false
  var restarts = 0
  var observed: Observed?
  var shown: Shown?
  /// The `_meta` of the last request that made Cordon ask, for asking again.
  var meta: [UInt8]?

  var isBusy: Bool { refresh != nil || confirming != nil }
  /// What uses an item can be decided now.
  var isFresh: Bool { catalog != nil && !isStale && !isBusy }
}

/// The states of all lists.
///
/// That of the tools has a name of its own: every call looks at it, and through the subscript a
/// state is a copy.
struct ListStates {
  private(set) var tools = ListState()
  private var prompts = ListState()
  private var resourceTemplates = ListState()
  private var resources = ListState()

  subscript(kind: ListKind) -> ListState {
    get {
      switch kind {
      case .tools: tools
      case .prompts: prompts
      case .resourceTemplates: resourceTemplates
      case .resources: resources
      }
    }
    set {
      switch kind {
      case .tools: tools = newValue
      case .prompts: prompts = newValue
      case .resourceTemplates: resourceTemplates = newValue
      case .resources: resources = newValue
      }
    }
  }

  /// Whether an answer to a request of Cordon's own is to come.
  var isAsking: Bool {
    tools.refresh != nil || prompts.refresh != nil || resourceTemplates.refresh != nil
      || resources.refresh != nil
  }

  /// Whether answers that are ready wait for room.
  var hasReady: Bool {
    tools.ready != nil || prompts.ready != nil || resourceTemplates.ready != nil
      || resources.ready != nil
  }
}
