public import JSON

/// Every method and notification of the published versions and of the tasks extension.
///
/// What each is, who sends it and when it exists is in `MethodTable`. A name that is not here is an
/// unknown one: it passes.
public enum Method: String, CaseIterable, Sendable {
  case initialize
  case ping
  case discover = "server/discover"
  case subscriptionsListen = "subscriptions/listen"

  case toolsList = "tools/list"
  case toolsCall = "tools/call"
  case promptsList = "prompts/list"
  case promptsGet = "prompts/get"
  case resourcesList = "resources/list"
  case resourceTemplatesList = "resources/templates/list"
  case resourcesRead = "resources/read"
  case resourcesSubscribe = "resources/subscribe"
  case resourcesUnsubscribe = "resources/unsubscribe"
  case complete = "completion/complete"
  case setLevel = "logging/setLevel"

  case tasksGet = "tasks/get"
  case tasksResult = "tasks/result"
  case tasksList = "tasks/list"
  case tasksCancel = "tasks/cancel"
  case tasksUpdate = "tasks/update"

  case createMessage = "sampling/createMessage"
  case elicit = "elicitation/create"
  case rootsList = "roots/list"

  case initialized = "notifications/initialized"
  case cancelled = "notifications/cancelled"
  case progress = "notifications/progress"
  case message = "notifications/message"
  case toolsListChanged = "notifications/tools/list_changed"
  case promptsListChanged = "notifications/prompts/list_changed"
  case resourcesListChanged = "notifications/resources/list_changed"
  case resourcesUpdated = "notifications/resources/updated"
  case rootsListChanged = "notifications/roots/list_changed"
  case subscriptionsAcknowledged = "notifications/subscriptions/acknowledged"
  case elicitationComplete = "notifications/elicitation/complete"
  case tasksStatus = "notifications/tasks/status"
  case tasks = "notifications/tasks"

  /// The name as it stands in a message.
  public var name: JSONString { JSONString(rawValue) }

  /// Nil for a name that no version knows. Each message asks this once.
  @inline(__always)
  public init?(named name: JSONString) {
    guard let method = MethodNames.find(name.utf8) else { return nil }
    self = method
  }
}
