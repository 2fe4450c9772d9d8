public import JSON

/// The names of methods.
public enum Method {
  public static let initialize: JSONString = "initialize"
  public static let initialized: JSONString = "notifications/initialized"
  public static let ping: JSONString = "ping"
  public static let discover: JSONString = "server/discover"

  public static let toolsList: JSONString = "tools/list"
  public static let toolsCall: JSONString = "tools/call"
  public static let promptsList: JSONString = "prompts/list"
  public static let promptsGet: JSONString = "prompts/get"
  public static let resourcesList: JSONString = "resources/list"
  public static let resourcesRead: JSONString = "resources/read"
  public static let resourceTemplatesList: JSONString = "resources/templates/list"
  public static let resourcesSubscribe: JSONString = "resources/subscribe"
  public static let resourcesUnsubscribe: JSONString = "resources/unsubscribe"
  public static let subscriptionsListen: JSONString = "subscriptions/listen"
  public static let complete: JSONString = "completion/complete"
  public static let setLevel: JSONString = "logging/setLevel"

  public static let tasksGet: JSONString = "tasks/get"
  public static let tasksResult: JSONString = "tasks/result"
  public static let tasksList: JSONString = "tasks/list"
  public static let tasksCancel: JSONString = "tasks/cancel"
  public static let tasksUpdate: JSONString = "tasks/update"

  public static let createMessage: JSONString = "sampling/createMessage"
  public static let rootsList: JSONString = "roots/list"
  public static let elicitationCreate: JSONString = "elicitation/create"

  public static let cancelled: JSONString = "notifications/cancelled"
  public static let progress: JSONString = "notifications/progress"
  public static let logMessage: JSONString = "notifications/message"
  public static let rootsListChanged: JSONString = "notifications/roots/list_changed"
  public static let toolsListChanged: JSONString = "notifications/tools/list_changed"
  public static let promptsListChanged: JSONString = "notifications/prompts/list_changed"
  public static let resourcesListChanged: JSONString = "notifications/resources/list_changed"
  public static let resourceUpdated: JSONString = "notifications/resources/updated"
  public static let elicitationCompleted: JSONString = "notifications/elicitation/complete"
  public static let tasksStatus: JSONString = "notifications/tasks/status"
  public static let tasks: JSONString = "notifications/tasks"
  public static let subscriptionsAcknowledged: JSONString =
    "notifications/subscriptions/acknowledged"
}
