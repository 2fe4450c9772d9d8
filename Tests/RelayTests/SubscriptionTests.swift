import Control
import Manifest
import Testing

@testable import Relay

@Suite struct SubscriptionTests {
  private static func listen(_ id: Int, tools: Bool = true) -> String {
    Lines.request(
      id, "subscriptions/listen",
      #"{"_meta":\#(Lines.meta)},"notifications":{"toolsListChanged":\#(tools)}}"#)
  }

  private static func acknowledged(_ id: Int, _ filter: String) -> String {
    #"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":\#(id)},"notifications":\#(filter)}}"#
  }

  private static func changed(_ id: Int) -> String {
    #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":\#(id)}}}"#
  }

  /// A modern host that has listed `echo`, which waits.
  private func listed() -> Scene {
    var scene = Scene(notice: false)
    _ = scene.host(Lines.request(1, "tools/list", #"{"_meta":\#(Lines.meta)}}"#))
    _ = scene.server(Lines.ownResult(1, [Lines.echo]))
    return scene
  }

  @Test func anAcknowledgementPromisesToolChanges() {
    var scene = listed()
    #expect(scene.host(Self.listen(2)) == .init(toServer: ["="]))
    #expect(
      scene.server(Self.acknowledged(2, #"{"promptsListChanged":true}"#)).toHost == [
        Self.acknowledged(2, #"{"promptsListChanged":true,"toolsListChanged":true}"#)
      ])
    _ = scene.host(Self.listen(3))
    #expect(scene.server(Self.acknowledged(3, #"{"toolsListChanged":true}"#)).toHost == ["="])
  }

  @Test func anApprovalIsToldOnEverySubscriptionThatAsked() throws {
    var scene = listed()
    _ = scene.host(Self.listen(2))
    _ = scene.host(Self.listen(3, tools: false))
    _ = scene.server(Self.acknowledged(2, #"{"toolsListChanged":true}"#))
    _ = scene.server(Self.acknowledged(3, "{}"))
    #expect(scene.approve(try Lines.pinned(Lines.echo)) == .init(toHost: [Self.changed(2)]))
  }

  @Test func nothingIsToldBeforeTheAcknowledgement() throws {
    var scene = listed()
    _ = scene.host(Self.listen(2))
    #expect(scene.approve(try Lines.pinned(Lines.echo)) == .init())
    #expect(
      scene.server(Self.acknowledged(2, #"{"toolsListChanged":true}"#)).toHost == [
        "=", Self.changed(2),
      ])
  }

  @Test func severalSubscriptionsAreToldApart() throws {
    var scene = listed()
    // Ids of both kinds that read alike are two.
    let named = Self.listen(2).replacing(#""id":2"#, with: #""id":"2""#)
    #expect(scene.host(Self.listen(2)) == .init(toServer: ["="]))
    #expect(scene.host(named) == .init(toServer: ["="]))
    #expect(scene.server(Self.acknowledged(2, #"{"toolsListChanged":true}"#)).toHost == ["="])
    // Only what is acknowledged is told; the other's change waits for it.
    #expect(scene.approve(try Lines.pinned(Lines.echo)) == .init(toHost: [Self.changed(2)]))
    let tagged = { (line: String) in line.replacing(#"Id":2"#, with: #"Id":"2""#) }
    #expect(
      scene.server(tagged(Self.acknowledged(2, #"{"toolsListChanged":true}"#))).toHost == [
        "=", tagged(Self.changed(2)),
      ])
    // Whatever the server tags passes, for either; one ends and the other stays.
    let updated =
      #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:b","_meta":{"io.modelcontextprotocol/subscriptionId":2}}}"#
    #expect(scene.server(updated).toHost == ["="])
    #expect(scene.server(tagged(updated)).toHost == ["="])
    let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#
    #expect(scene.host(cancel) == .init(toServer: ["="]))
    scene.approved = []
    #expect(
      scene.reject(try Lines.pinned(Lines.echo)) == .init(toHost: [tagged(Self.changed(2))]))
  }

  @Test func cordonServesWhatTheServerCannot() throws {
    var scene = listed()
    _ = scene.host(Self.listen(2))
    #expect(
      scene.server(Lines.error(2, -32601, "Method not found")).toHost == [
        Self.acknowledged(2, #"{"toolsListChanged":true}"#)
      ])
    #expect(scene.approve(try Lines.pinned(Lines.echo)) == .init(toHost: [Self.changed(2)]))
    // The host ends it; the server never had it.
    let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#
    #expect(scene.host(cancel) == .init())
    #expect(scene.reject(try Lines.pinned(Lines.add)) == .init())
  }

  @Test func otherErrorsPass() {
    var scene = listed()
    _ = scene.host(Self.listen(2))
    #expect(scene.server(Lines.error(2, -32602, "bad filter")).toHost == ["="])
    _ = scene.host(Self.listen(3, tools: false))
    #expect(scene.server(Lines.error(3, -32601, "Method not found")).toHost == ["="])
  }

  @Test(arguments: [
    Lines.result(2, #"{"resultType":"complete","_meta":{}}"#),
    #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#,
  ])
  func theServerCanEndASubscription(ending: String) throws {
    var scene = listed()
    _ = scene.host(Self.listen(2))
    _ = scene.server(Self.acknowledged(2, #"{"toolsListChanged":true}"#))
    #expect(scene.server(ending).toHost == ["="])
    #expect(scene.approve(try Lines.pinned(Lines.echo)) == .init())
  }

  @Test func taggedChangesOfTheServerPassAndCount() throws {
    var scene = listed()
    #expect(scene.server(Self.changed(2)).toHost == ["="])
    let call = Lines.request(5, "tools/call", #"{"name":"echo","_meta":\#(Lines.meta)}}"#)
    #expect(scene.host(call).toServer == [Lines.own(2, #"{"_meta":\#(Lines.meta)}}"#)])
  }

  /// What Cordon gates it tells of, on each subscription what was asked for there.
  @Test func changesOfEveryGatedListAreTold() throws {
    func listen(_ id: Int, _ filter: String) -> String {
      Lines.request(
        id, "subscriptions/listen", #"{"_meta":\#(Lines.meta)},"notifications":\#(filter)}"#)
    }
    func told(_ what: String, _ id: Int) -> String {
      Self.changed(id).replacing("tools/list_changed", with: "\(what)/list_changed")
    }
    let prompt = #"{"name":"greet"}"#
    let template = #"{"uriTemplate":"x:{y}","name":"x"}"#
    var scene = Scene(notice: false)
    let meta = #"{"_meta":\#(Lines.meta)}}"#
    _ = scene.host(Lines.request(1, "prompts/list", meta))
    _ = scene.server(Lines.ownAnswer(1, #"{"prompts":[\#(prompt)]}"#))
    _ = scene.host(Lines.request(2, "resources/templates/list", meta))
    _ = scene.server(Lines.ownAnswer(2, #"{"resourceTemplates":[\#(template)]}"#))
    _ = scene.host(listen(3, #"{"promptsListChanged":true,"resourcesListChanged":true}"#))
    _ = scene.host(listen(4, #"{"resourcesListChanged":true}"#))
    // One that the server acknowledges for less, and one that it does not know.
    #expect(
      scene.server(Self.acknowledged(3, #"{"promptsListChanged":true}"#)).toHost == [
        Self.acknowledged(3, #"{"promptsListChanged":true,"resourcesListChanged":true}"#)
      ])
    #expect(
      scene.server(Lines.error(4, -32601, "no")).toHost == [
        Self.acknowledged(4, #"{"resourcesListChanged":true}"#)
      ])
    #expect(
      scene.approve(try Lines.pinned(.prompt, prompt)).toHost == [told("prompts", 3)])
    #expect(
      Set(scene.approve(try Lines.pinned(.resourceTemplate, template)).toHost) == [
        told("resources", 3), told("resources", 4),
      ])
  }
}
