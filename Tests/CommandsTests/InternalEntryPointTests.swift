import Testing

@testable import Commands

@Suite struct InternalEntryPointTests {
  /// Only the exact names are parts; whatever else the file is called, it is the command line.
  @Test(arguments: ["cordon", "", "/usr/bin/cordon-relay", "cordon-relay2", "CORDON-RELAY"])
  func otherNamesAreTheCommandLine(_ name: String) {
    #expect(Commands.dispatchInternal(Array(name.utf8)) == nil)
  }
}
