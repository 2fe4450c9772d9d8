import Foundation
import Testing

/// A secret reaches its server's environment and nothing else.
@Suite struct SecretTests {
  static let value = "s3cret/Ünïque+value=="
  static let base64 = Data(value.utf8).base64EncodedString()

  private func commandLines(_ marks: [ProcessMark]) -> String {
    marks.map { mark in
      let raw = FileManager.default.contents(atPath: "/proc/\(mark.pid)/cmdline") ?? Data()
      return String(decoding: raw, as: UTF8.self)
    }.joined(separator: "\n")
  }

  @Test(arguments: ["env:OUTSIDE", "file:token"])
  func aSecretIsInTheServersEnvironmentAndNowhereElse(source: String) throws {
    let scene = try Scene()
    var source = source
    if source.hasPrefix("file:") {
      source = "file:" + (try scene.write(Self.value + "\n", to: "token"))
    }
    let host = try Host(
      scene.probe("confiding.py", options: ["--secret", "TOKEN=\(source)"]), in: scene,
      adding: ["OUTSIDE": Self.value])
    try host.connect()
    let characters = try host.text(of: "act")
    #expect(characters == "\(Self.value.unicodeScalars.count) characters")
    let family = ProcessTree.below(host.pid)
    #expect(!commandLines(family).contains("s3cret"))
    #expect(commandLines(family).contains("confiding.py"))
    let errors = try #require(host.leave()["stderr"].string)
    #expect(errors.contains("[redacted:TOKEN]"))
    #expect(errors.contains("token is [redacted:TOKEN]"))
    #expect(!errors.contains("s3cret"), "\(errors)")
    #expect(!errors.contains(Self.base64))
    let audit = try scene.auditText("probe")
    #expect(!audit.contains("s3cret"))
    #expect(!audit.contains(Self.base64))
    // Nor in any file that Cordon keeps.
    let kept = FileManager.default.enumerator(atPath: scene.folder + "/state")
    for case let path as String in try #require(kept) {
      let bytes = FileManager.default.contents(atPath: scene.folder + "/state/" + path) ?? Data()
      #expect(bytes.range(of: Data("s3cret".utf8)) == nil, "\(path)")
    }
  }

  @Test func theOtherPartsDoNotHoldIt() throws {
    let scene = try Scene()
    let host = try Host(
      scene.probe("confiding.py", options: ["--secret", "TOKEN=env:OUTSIDE"]), in: scene,
      adding: ["OUTSIDE": Self.value])
    try host.connect()
    // The relay and the stage have an environment of their own, and it is empty.
    for mark in ProcessTree.below(host.pid)
    where mark.pid != host.pid && !mark.name.hasPrefix("python") {
      let environment = FileManager.default.contents(atPath: "/proc/\(mark.pid)/environ") ?? Data()
      #expect(environment.range(of: Data("s3cret".utf8)) == nil, "\(mark)")
    }
    try host.leave()
  }

  @Test func aDryRunAndAnErrorDoNotTellIt() throws {
    let scene = try Scene()
    let environment = scene.environment.merging(["OUTSIDE": Self.value]) { $1 }
    var argv = scene.probe("confiding.py", options: ["--secret", "TOKEN=env:OUTSIDE", "--dry-run"])
    let plan = try Finished.run(argv, environment: environment)
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("TOKEN"))
    #expect(!(plan.output + plan.errors).contains("s3cret"))
    argv = scene.probe(
      "confiding.py", options: ["--secret", "TOKEN=env:OUTSIDE", "--read-only", "/nowhere/at/all"])
    let failed = try Finished.run(argv, environment: environment)
    #expect(failed.status != 0)
    #expect(!(failed.output + failed.errors).contains("s3cret"))
  }

  @Test func aSecretThatIsNotThereStopsTheLaunch() throws {
    let scene = try Scene()
    let missing = try Finished.run(
      scene.probe("confiding.py", options: ["--secret", "TOKEN=env:NOT_THERE"]),
      environment: scene.environment)
    #expect(missing.status == 78)
    #expect(missing.errors.contains("NOT_THERE"))
    let unknown = try Finished.run(
      scene.probe("confiding.py", options: ["--secret", "TOKEN=vault:x"]),
      environment: scene.environment)
    #expect([64, 78].contains(unknown.status))
    // Not the source itself: it may be a secret that was written in the wrong place.
    #expect(unknown.errors.contains("TOKEN has no source"))
    #expect(!unknown.errors.contains("vault:x"))
  }
}
