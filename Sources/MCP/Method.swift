public import JSON

/// The names of the methods that are more than passed on.
public enum Method {
  public static let initialize: JSONString = "initialize"
  public static let initialized: JSONString = "notifications/initialized"
  public static let discover: JSONString = "server/discover"

  public static let toolsList: JSONString = "tools/list"
  public static let toolsCall: JSONString = "tools/call"
  public static let subscriptionsListen: JSONString = "subscriptions/listen"

  public static let cancelled: JSONString = "notifications/cancelled"
  public static let toolsListChanged: JSONString = "notifications/tools/list_changed"
  public static let subscriptionsAcknowledged: JSONString =
    "notifications/subscriptions/acknowledged"
}
