import JSON
import MCP
import Manifest

/// A list of a server's that Cordon knows how to ask for.
enum ListKind: CaseIterable {
  case tools, prompts, resourceTemplates, resources

  var item: ItemKind {
    switch self {
    case .tools: .tool
    case .prompts: .prompt
    case .resourceTemplates: .resourceTemplate
    case .resources: .resource
    }
  }

  var method: Method {
    switch self {
    case .tools: .toolsList
    case .prompts: .promptsList
    case .resourceTemplates: .resourceTemplatesList
    case .resources: .resourcesList
    }
  }

  /// The member of a page that has the items.
  var member: JSONString {
    switch self {
    case .tools: "tools"
    case .prompts: "prompts"
    case .resourceTemplates: "resourceTemplates"
    case .resources: "resources"
    }
  }

  var change: ListChange {
    switch self {
    case .tools: .tools
    case .prompts: .prompts
    case .resourceTemplates, .resources: .resources
    }
  }

  /// One of its items, in a sentence.
  var noun: String {
    switch self {
    case .tools: "tool"
    case .prompts: "prompt"
    case .resourceTemplates: "resource template"
    case .resources: "resource"
    }
  }

  /// A request's list; nil for every other method.
  init?(_ method: Method) {
    switch method {
    case .toolsList: self = .tools
    case .promptsList: self = .prompts
    case .resourceTemplatesList: self = .resourceTemplates
    case .resourcesList: self = .resources
    default: return nil
    }
  }
}

/// What the protocol tells changes of: the two lists of resources share a notification.
enum ListChange: CaseIterable {
  case tools, prompts, resources

  var notification: Method {
    switch self {
    case .tools: .toolsListChanged
    case .prompts: .promptsListChanged
    case .resources: .resourcesListChanged
    }
  }

  /// The member of a subscription's filter that asks for it.
  var filter: JSONString {
    switch self {
    case .tools: "toolsListChanged"
    case .prompts: "promptsListChanged"
    case .resources: "resourcesListChanged"
    }
  }

  /// The capability whose `listChanged` promises it.
  var capability: JSONString {
    switch self {
    case .tools: "tools"
    case .prompts: "prompts"
    case .resources: "resources"
    }
  }

  var lists: [ListKind] { ListKind.allCases.filter { $0.change == self } }

  /// What a notification tells of; nil for every other method.
  init?(_ method: Method?) {
    guard let change = ListChange.allCases.first(where: { $0.notification == method }) else {
      return nil
    }
    self = change
  }
}
