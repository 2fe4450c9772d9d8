public import JSON

/// Keys that the protocol reserves in `_meta`.
public enum MetaKey {
  /// The member of parameters, results and items that holds these keys.
  public static let meta: JSONString = "_meta"
  public static let progressToken: JSONString = "progressToken"
  /// Required in every modern request.
  public static let protocolVersion: JSONString = "io.modelcontextprotocol/protocolVersion"
  /// Required in every modern request.
  public static let clientCapabilities: JSONString = "io.modelcontextprotocol/clientCapabilities"
  public static let logLevel: JSONString = "io.modelcontextprotocol/logLevel"
  public static let clientInfo: JSONString = "io.modelcontextprotocol/clientInfo"
  public static let serverInfo: JSONString = "io.modelcontextprotocol/serverInfo"
  public static let traceparent: JSONString = "traceparent"
  public static let tracestate: JSONString = "tracestate"
  public static let baggage: JSONString = "baggage"
  public static let subscriptionID: JSONString = "io.modelcontextprotocol/subscriptionId"
}
