import Foundation
import Testing

/// The harness must be able to see what the other tests say is not there.
@Suite struct HarnessTests {
  @Test func theProcessTreeSeesAGrandchildInASessionOfItsOwn() throws {
    let scene = try Scene()
    let host = try Host([Places.python, Places.probes + "/stubborn.py"], in: scene)
    try host.connect()
    let grandchild = try #require(Int(host.text(of: "act")))
    defer { kill(pid_t(grandchild), SIGKILL) }
    let server = try #require(ProcessTree.read(host.pid)).mark
    let orphan = try #require(ProcessTree.read(grandchild)).mark
    #expect(ProcessTree.below(host.pid).contains(server))
    try host.order("signal", ["number": 9])
    try host.order("wait", ["seconds": 5])
    #expect(ProcessTree.survivors([server, orphan], within: 0.5) == [orphan])
  }

  @Test func theServersHomeAndEnvironmentCanBeSeenWithoutASandbox() throws {
    let scene = try Scene()
    let host = try Host(
      [Places.python, Places.examples + "/notes_server.py"], in: scene)
    try host.connect()
    let inside = try Value.parse(host.text(of: "inspect_sandbox", ["paths": ["/etc/shadow"]]))
    #expect(inside["environment"]["CANARY"].string != nil)
    #expect(inside["interfaces"].array.contains("lo"))
    #expect(inside["seccomp"] == "0")
    #expect(inside["processes"].object.count > 3)
    #expect(inside["paths"]["/etc/shadow"].string != "No such file or directory")
    try host.leave()
  }
}
