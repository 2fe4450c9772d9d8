import JSON
import MCP
import Testing

@Suite struct TrafficTests {
  @Test func aModernServerSendsNoRequests() {
    for method: JSONString in ["ping", "sampling/createMessage", "roots/list", "tasks/get"] {
      #expect(Traffic.definesRequest(method, .toHost, .legacy))
      #expect(!Traffic.definesRequest(method, .toHost, .modern))
    }
  }

  @Test func theHandshakeIsLegacyAndDiscoveryModern() {
    #expect(Traffic.definesRequest("initialize", .toServer, .legacy))
    #expect(!Traffic.definesRequest("initialize", .toServer, .modern))
    #expect(Traffic.definesRequest("server/discover", .toServer, .modern))
    #expect(!Traffic.definesRequest("server/discover", .toServer, .legacy))
    #expect(!Traffic.definesRequest("initialize", .toHost, .legacy))
  }

  @Test func listsAndCallsAreOfBothEras() {
    for method: JSONString in ["tools/list", "tools/call", "resources/templates/list"] {
      #expect(Traffic.definesRequest(method, .toServer, .legacy))
      #expect(Traffic.definesRequest(method, .toServer, .modern))
      #expect(!Traffic.definesRequest(method, .toHost, .legacy))
    }
  }

  @Test func notifications() {
    let changed: JSONString = "notifications/tools/list_changed"
    #expect(Traffic.definesNotification(changed, .toHost, .legacy))
    #expect(Traffic.definesNotification(changed, .toHost, .modern))
    #expect(!Traffic.definesNotification(changed, .toServer, .legacy))
    #expect(Traffic.definesNotification("notifications/cancelled", .toServer, .modern))
    #expect(!Traffic.definesNotification("notifications/initialized", .toServer, .modern))
    #expect(!Traffic.definesNotification("tools/list", .toHost, .legacy))
  }
}
