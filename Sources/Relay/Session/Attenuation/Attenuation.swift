import Control
import JSON
import MCP

/// The profile's rules about the protocol, as the session asks for them: a value without state.
struct Attenuation {
  /// What a denial is about.
  enum Subject: Hashable {
    case capability(ProtocolRules.Capability)
    /// An extension, an experimental capability or one that the protocol does not have.
    case unnamed(JSONString)
  }

  let denied: Set<ProtocolRules.Capability>
  let extensions: Set<JSONString>
  let roots: RootRule
  /// By sender, with the capability that each needs. Empty where nothing is denied, so that asking
  /// costs nothing.
  private let deniedMethods: [Party: [Method: ProtocolRules.Capability]]
  /// Requests that could become tasks, where these are denied.
  private let taskMethods: [Party: Set<Method>]

  init(_ rules: ProtocolRules) {
    denied = rules.denied
    extensions = Set(rules.extensions.map { JSONString(utf8: $0) })
    roots = RootRule(granted: rules.denied.contains(.roots) ? [] : rules.roots)
    var methods: [Party: [Method: ProtocolRules.Capability]] = [:]
    var tasks: [Party: Set<Method>] = [:]
    for row in MethodTable.rows {
      if let capability = row.feature.ruledBy, rules.denied.contains(capability) {
        methods[row.sender, default: [:]][row.method] = capability
      }
      if rules.denied.contains(.tasks), row.results.contains(.task) {
        tasks[row.sender, default: []].insert(row.method)
      }
    }
    deniedMethods = methods
    taskMethods = tasks
  }

  var deniesAnything: Bool { !denied.isEmpty }

  /// Whether a value among a server's results can ask for what is denied.
  var deniesInput: Bool { !denied.isDisjoint(with: [.sampling, .elicitation, .roots]) }

  var deniesTasks: Bool { denied.contains(.tasks) }

  /// The denied capability that a method needs; nil for a method that may be used and for one that
  /// no version knows, which neither side has declared.
  func denial(of method: Method, from sender: Party) -> ProtocolRules.Capability? {
    deniedMethods[sender]?[method]
  }

  func canBecomeTask(_ method: Method, from sender: Party) -> Bool {
    taskMethods[sender]?.contains(method) ?? false
  }

  /// Whether an extension may be declared. The protocol's own capability decides about tasks, which
  /// were a part of it and are an extension now.
  func subject(ofExtension name: JSONString) -> Subject? {
    if name == ExtensionName.tasks { return deniesTasks ? .capability(.tasks) : nil }
    return extensions.contains(name) ? nil : .unnamed(name)
  }
}

extension Feature {
  /// The field of a profile that decides about it; nil for what no field does.
  var ruledBy: ProtocolRules.Capability? {
    switch self {
    case .sampling: .sampling
    case .elicitation: .elicitation
    case .roots: .roots
    case .logging: .logging
    case .tasks, .tasksExtension: .tasks
    case .base, .tools, .prompts, .resources, .completions, .resourceSubscriptions: nil
    }
  }
}
