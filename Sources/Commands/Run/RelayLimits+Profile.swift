import Control
import Profile

extension RelayLimits {
  init(_ flow: FlowLimits) {
    self.init(
      nesting: flow[.nesting].value, pendingRequests: flow[.pendingRequests].value,
      lineSize: flow[.lineSize].value, messages: flow[.messages].value,
      notifications: flow[.notifications].value, standardError: flow[.standardError].value,
      handshake: flow[.handshake].value, request: flow[.request].value)
  }
}
