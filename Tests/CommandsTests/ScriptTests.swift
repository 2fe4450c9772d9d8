import Testing

@testable import Commands

/// Each script in `Scripts`, in a world of its own.
@Suite struct ScriptTests {
  @Test(arguments: ["usage", "run-usage", "help", "completion"])
  func script(_ name: String) throws {
    try ScriptTests.play(try Script(named: name), in: World())
  }

  static func play(_ script: Script, in world: World) throws {
    #expect(!script.steps.isEmpty)
    for step in script.steps {
      let status = world.run(step.arguments)
      let what = Comment(rawValue: "line \(step.line): cordon \(step.arguments)")
      #expect(world.text == step.output, what)
      #expect(world.errors == step.messages, what)
      #expect(status == step.status, what)
    }
  }
}
