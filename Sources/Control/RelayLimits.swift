/// What the relay holds host and server to, beside the size of a message.
public struct RelayLimits: Equatable, Sendable {
  /// Containers in containers of one message.
  public var nesting: Int
  /// Requests of one side that are not answered.
  public var pendingRequests: Int
  /// Bytes without a newline, behind which a side is not read any more.
  public var lineSize: Int
  /// Messages of one side in a second.
  public var messages: Int
  /// Progress in a second, and log messages, each counted by itself.
  public var notifications: Int
  /// Bytes of the server's standard error in a second.
  public var standardError: Int
  /// Seconds from a handshake's request to its answer.
  public var handshake: Int
  /// Seconds from any other request to its answer.
  public var request: Int

  public init(
    nesting: Int = 128, pendingRequests: Int = 10_000, lineSize: Int = 256 << 20,
    messages: Int = 50_000, notifications: Int = 2_000, standardError: Int = 1 << 20,
    handshake: Int = 600, request: Int = 86_400
  ) {
    self.nesting = nesting
    self.pendingRequests = pendingRequests
    self.lineSize = lineSize
    self.messages = messages
    self.notifications = notifications
    self.standardError = standardError
    self.handshake = handshake
    self.request = request
  }

  private var all: [Int] {
    [
      nesting, pendingRequests, lineSize, messages, notifications, standardError, handshake,
      request,
    ]
  }

  func append(to writer: inout FrameWriter) {
    for value in all { writer.append(value) }
  }

  init(_ fields: inout FrameFields) throws(FrameError) {
    self.init(
      nesting: try fields.count(from: 1), pendingRequests: try fields.count(from: 1),
      lineSize: try fields.count(from: 1), messages: try fields.count(from: 1),
      notifications: try fields.count(from: 1), standardError: try fields.count(from: 1),
      handshake: try fields.count(from: 1), request: try fields.count(from: 1))
  }
}

extension FrameFields {
  /// A whole number that is worked with: far from where sums and products overflow.
  mutating func count(from least: Int) throws(FrameError) -> Int {
    guard let value = Int(exactly: try signed()), (least...(1 << 44)).contains(value) else {
      throw .invalid("number")
    }
    return value
  }
}
