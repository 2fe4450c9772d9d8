public import JSON

/// Which way a message goes.
public enum Direction: Sendable {
  case toServer
  case toHost
}

/// What the protocol's schemas define. What they do not define may pass all the same: the protocol has
/// extensions, and newer versions come.
public enum Traffic {
  /// Whether some version of the era defines this request in this direction. In the modern era a server
  /// sends no requests at all.
  public static func definesRequest(
    _ method: JSONString, _ direction: Direction, _ era: Era
  ) -> Bool {
    switch (direction, era) {
    case (.toServer, .legacy):
      requestsOfBothEras.contains(method) || legacyRequests.contains(method)
        || tasks.contains(method)
    case (.toServer, .modern):
      requestsOfBothEras.contains(method) || modernRequests.contains(method)
    case (.toHost, .legacy): legacyRequestsToHost.contains(method) || tasks.contains(method)
    case (.toHost, .modern): false
    }
  }

  /// Whether some version of the era defines this notification in this direction.
  public static func definesNotification(
    _ method: JSONString, _ direction: Direction, _ era: Era
  ) -> Bool {
    switch (direction, era) {
    case (.toServer, .legacy): legacyNotificationsToServer.contains(method)
    case (.toServer, .modern): method == Method.cancelled
    case (.toHost, .legacy):
      notificationsToHost.contains(method) || method == Method.elicitationCompleted
        || method == Method.tasksStatus
    case (.toHost, .modern):
      notificationsToHost.contains(method) || method == Method.subscriptionsAcknowledged
        || method == Method.tasks
    }
  }

  private static let requestsOfBothEras: Set<JSONString> = [
    Method.toolsList, Method.toolsCall, Method.promptsList, Method.promptsGet,
    Method.resourcesList, Method.resourcesRead, Method.resourceTemplatesList, Method.complete,
  ]

  private static let legacyRequests: Set<JSONString> = [
    Method.initialize, Method.ping, Method.resourcesSubscribe, Method.resourcesUnsubscribe,
    Method.setLevel,
  ]

  /// `tasks/*` is that of the tasks extension.
  private static let modernRequests: Set<JSONString> = [
    Method.discover, Method.subscriptionsListen, Method.tasksGet, Method.tasksUpdate,
    Method.tasksCancel,
  ]

  /// 2025-11-25, in both directions.
  private static let tasks: Set<JSONString> = [
    Method.tasksGet, Method.tasksResult, Method.tasksList, Method.tasksCancel,
  ]

  private static let legacyRequestsToHost: Set<JSONString> = [
    Method.ping, Method.createMessage, Method.rootsList, Method.elicitationCreate,
  ]

  private static let legacyNotificationsToServer: Set<JSONString> = [
    Method.initialized, Method.rootsListChanged, Method.progress, Method.cancelled,
    Method.tasksStatus,
  ]

  private static let notificationsToHost: Set<JSONString> = [
    Method.cancelled, Method.progress, Method.logMessage, Method.resourceUpdated,
    Method.resourcesListChanged, Method.toolsListChanged, Method.promptsListChanged,
  ]
}
