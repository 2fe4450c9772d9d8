import Testing

@testable import Profile

@Suite struct LimitTests {
  static let all = #"""
    { "limits": {
      "memory": "512MiB", "swap": "64MiB", "processes": 64, "cpus": 1.50, "openFiles": 256,
      "fileSize": "10MiB", "addressSpace": "8GiB", "messageSize": "1MiB",
    } }
    """#

  @Test func everyLimitIsRead() throws {
    let limits = try Fixture(files: ["/x.jsonc": Self.all]).resolve(["/x.jsonc"]).limits
    #expect(limits.memory.value.bytes == 512 << 20)
    #expect(limits.swap?.value.bytes == 64 << 20)
    #expect(limits.processes.value.count == 64)
    #expect(limits.cpus?.value.hundredths == 150)
    #expect(limits.openFiles.value.count == 256)
    #expect(limits.fileSize?.value.bytes == 10 << 20)
    #expect(limits.addressSpace?.value.bytes == 8 << 30)
    #expect(limits.messageSize.value.bytes == 1 << 20)
  }

  @Test func whereNothingIsSaidMemoryIsBoundedAndTheRestIsNot() throws {
    let limits = try Fixture().resolve().limits
    #expect(limits.memory.value.bytes == 1 << 30)
    #expect(limits.swap == nil)
    #expect(limits.cpus == nil)
    #expect(limits.fileSize == nil)
    #expect(limits.addressSpace == nil)
  }

  @Test func aLaterLayerReplacesOneByOne() throws {
    let fixture = Fixture(files: [
      "/p/all.jsonc": Self.all,
      "/p/more.jsonc": #"{ "extends": ["all"], "limits": { "cpus": 2, "memory": "2GiB" } }"#,
    ])
    let limits = try fixture.resolve(["more"]).limits
    #expect(limits.cpus?.value.description == "2")
    #expect(limits.memory.value.description == "2GiB")
    #expect(limits.fileSize?.value.description == "10MiB")
  }

  /// What Cordon says by itself is enforced where it can be; what somebody named, always.
  @Test func whoGaveALimitIsKnown() throws {
    #expect(try Fixture().resolve().limits.memory.origin.isCordons)
    #expect(try Fixture().resolve(["node"]).limits.memory.origin.isCordons)
    let nothing = Fixture(files: ["/x.jsonc": "{}"])
    #expect(try nothing.resolve(["/x.jsonc"]).limits.memory.origin.isCordons)
    let named = Fixture(files: ["/x.jsonc": #"{ "limits": { "memory": "1GiB" } }"#])
    #expect(try !named.resolve(["/x.jsonc"]).limits.memory.origin.isCordons)
    let own = Fixture(files: ["/p/default.jsonc": #"{ "limits": { "memory": "1GiB" } }"#])
    #expect(try !own.resolve().limits.memory.origin.isCordons)
  }

  @Test(arguments: [
    ("0.01", "0.01"), ("0.5", "0.5"), ("1", "1"), ("1.0", "1"), ("2.25", "2.25"), ("1e1", "10"),
    ("0.07", "0.07"), ("1024", "1024"), ("0.29", "0.29"),
  ])
  func shares(_ text: String, _ words: String) throws {
    let fixture = Fixture(files: ["/x.jsonc": "{ \"limits\": { \"cpus\": \(text) } }"])
    #expect(try fixture.resolve(["/x.jsonc"]).limits.cpus?.value.description == words)
  }

  static let wrong: [Case<String, ProfileError.Reason>] = [
    Case("no processor", #""cpus": 0"#, .impossibleValue),
    Case("less than none", #""cpus": -1"#, .impossibleValue),
    Case("more than there are", #""cpus": 1025"#, .impossibleValue),
    Case("three decimals", #""cpus": 0.125"#, .wrongType),
    Case("words", #""cpus": "all""#, .wrongType),
    Case("beyond any double", #""cpus": 1e999"#, .wrongType),
    Case("memory without a unit", #""memory": 512"#, .wrongType),
    Case("memory that holds nothing", #""memory": "8MiB""#, .impossibleValue),
    Case("no byte of a file", #""fileSize": "1KiB""#, .impossibleValue),
    Case("addresses for nothing", #""addressSpace": "1MiB""#, .impossibleValue),
    Case("a misspelt field", #""memroy": "1GiB""#, .unknownKey),
  ]

  @Test(arguments: wrong)
  func isAnError(_ sample: Case<String, ProfileError.Reason>) {
    #expect(Fixture.failure(of: "{ \"limits\": { \(sample.input) } }")?.reason == sample.expected)
  }

  @Test(arguments: ["no-memory-limit", "no-swap-limit", "no-cpu-limit"])
  func theAbsenceOfALimitIsAcceptedByName(_ name: String) throws {
    let profile = try Fixture().resolve { $0.accept = [name] }
    #expect(profile.accept.map(\.value.name) == [name])
  }
}
