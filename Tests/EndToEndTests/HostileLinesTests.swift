import Foundation
import JSON
import Testing

/// Generated lines that try to be understood in two ways, through a real session in both directions.
///
/// What reaches the other side is read by Python, by Node and by Cordon, and must mean one thing. Few
/// lines in the ordinary run; `CORDON_HOSTILE_LINES=100000` makes them that many in each direction.
@Suite struct HostileLinesTests {
  /// In each direction, over both sessions.
  static let count =
    ProcessInfo.processInfo.environment["CORDON_HOSTILE_LINES"].flatMap { Int($0) } ?? 8_000

  /// Batches are split in the one version and refused in the other.
  @Test(arguments: [("2025-11-25", 20_251_125), ("2025-03-26", 20_250_326)])
  func areUnderstoodInOneWay(version: String, seed: Int) throws {
    let scene = try Scene()
    let folder = try ground(scene)
    let count = Self.count / 2
    let server = scene.probe(
      "hostile_server.py",
      options: ["--read-write", folder, "--identity", "caller", "--profile", "patient"],
      folder, String(seed), String(count))
    let played = try Finished.run(
      [
        Places.python, Places.drivers + "/hostile_lines_host.py", folder, String(seed),
        String(count), version,
      ] + server, environment: scene.environment, seconds: 280)
    try #require(
      played.status == 0,
      "\(played.errors) \((try? String(contentsOfFile: folder + "/stderr", encoding: .utf8)) ?? "")"
    )
    let said = try Value.parse(played.output)
    // The session is alive after all of it, and ends as it should.
    #expect(said["status"] == 0)
    #expect(said["ping"]["result"] == [:], "\(said["ping"])")
    #expect(said["call"]["result"]["content"][0]["text"] == "did it")
    // Supervisor, relay and PID 1 of the sandbox.
    let peaks = said["memory"].array.compactMap(\.int)
    #expect(peaks.count >= 3)
    #expect((peaks.max() ?? 0) < 64_000, "kB at the most: \(peaks)")

    for (from, to) in [("host", "server"), ("server", "host")] {
      try compare(scene, "\(folder)/\(to)-received")
      let origin = try told(
        scene, "origin.py", "\(folder)/\(from)-sent", "\(folder)/\(to)-received", to)
      // Every line is one that was sent, changed in no other byte than it must be, or Cordon's own.
      #expect(origin["strange"] == [], "to the \(to)")
      let forwarded = origin["passed"].int ?? 0
      #expect(forwarded > count / 4, "\(origin)")
      #expect(forwarded < count * 9 / 10, "\(origin)")
      #expect((origin["changed"].int ?? 0) > count / 50, "\(origin)")
      try print("hostile lines, \(version), to the \(to): \(origin.text) of \(count)")
    }
    try print("hostile lines, \(version): \(said["seconds"].text) s, peaks \(peaks) kB")
  }

  /// The readers see a line that is two, and a key that is there twice: otherwise they prove nothing.
  @Test func theReadersSeeWhatTheyMust() throws {
    let scene = try Scene()
    for separator in ["\u{2028}", "\u{85}"] {
      let path = try scene.write("\"a\"\n\"b\(separator)c\"\n", to: "lines")
      let python = try told(scene, "reading.py", path)
      #expect(python["newlines"] == 2)
      #expect(python["splitlines"] == 3)
    }
    for line in ["\"b\u{1C}c\"", #"{"a":1,"\u0061":2}"#, "{}{}"] {
      let path = try scene.write(line + "\n", to: "refused")
      #expect(throws: Host.Failure.self) { try told(scene, "reading.py", path) }
    }
    let sent = try scene.write(#"{"a":1}"# + "\n", to: "sent")
    let changed = try scene.write(#"{"a":2,"method":"x"}"# + "\n", to: "changed")
    #expect(try told(scene, "origin.py", sent, changed, "server")["strange"].count == 1)
    // Where a double holds no such number, all three take the nearest.
    let numbers = try scene.write("[9007199254740993,1e400,-1e400,-0,0.1,1e-400]\n", to: "numbers")
    try compare(scene, numbers)
  }

  /// A folder that the server may write to, and a profile that lets both sides be as quick as they are.
  private func ground(_ scene: Scene) throws -> String {
    let folder = scene.folder + "/records"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    _ = try scene.write(
      """
      {
        "extends": "default",
        "limits": { "pendingRequests": 100000 },
        "rates": { "messages": 10000000, "notifications": 10000000 }
      }
      """, to: "config/profiles/patient.jsonc")
    return folder
  }

  private func compare(_ scene: Scene, _ path: String) throws {
    let python = try told(scene, "reading.py", path)
    let node = try told(scene, "reading.mjs", path)
    let lines = python["newlines"].int ?? 0
    #expect(lines > 0)
    // One line for every reader there is.
    for reader in ["splitlines", "bytes", "universal"] { #expect(python[reader].int == lines) }
    for reader in ["newlines", "readline"] { #expect(node[reader].int == lines) }
    let forms = try [".python", ".node"].map { try Data(contentsOf: URL(filePath: path + $0)) }
    #expect(forms[0] == forms[1], "Python and Node read \(path) in two ways")
    let own = try Reading.forms(of: Array(Data(contentsOf: URL(filePath: path))))
    #expect(own == Array(forms[0]), "Cordon and Python read \(path) in two ways")
  }

  /// What one of the drivers prints.
  private func told(_ scene: Scene, _ driver: String, _ arguments: String...) throws -> Value {
    let path = Places.drivers + "/" + driver
    let command =
      driver.hasSuffix(".mjs") ? ["/usr/bin/env", "node", path] : [Places.python, path]
    let done = try Finished.run(
      command + arguments, environment: ProcessInfo.processInfo.environment, seconds: 120)
    guard done.status == 0 else { throw Host.Failure(description: "\(driver): \(done.errors)") }
    return try Value.parse(done.output)
  }
}

/// How Cordon reads lines, in the notation of Drivers/reading.py.
private enum Reading {
  static func forms(of data: [UInt8]) throws -> [UInt8] {
    var output: [UInt8] = []
    for line in data.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      write(try JSONReader.parse(Array(line)), to: &output)
      output.append(0x0A)
    }
    return output
  }

  private static func write(_ node: JSONNode, to output: inout [UInt8]) {
    switch node.value {
    case .null: output.append(UInt8(ascii: "n"))
    case .bool(let bool): output.append(bool ? UInt8(ascii: "t") : UInt8(ascii: "f"))
    case .string(let string):
      output.append(UInt8(ascii: "s"))
      output += hex(string.utf8)
    case .number(let number):
      output.append(UInt8(ascii: "d"))
      let sign = number.source.utf8.first == UInt8(ascii: "-") ? -1.0 : 1.0
      // What has no nearest double is infinite to those who read doubles; both zeros are alike.
      let bits = ((number.double ?? sign * .infinity) + 0).bitPattern
      output += hex((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) })
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(element, to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      let sorted = members.sorted { $0.key < $1.key }
      for (index, member) in sorted.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        output += hex(member.key.utf8)
        output.append(UInt8(ascii: ":"))
        write(member.value, to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func hex(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
