import Testing

@testable import Egress

@Suite struct EgressProcessTests {
  @Test func thePartHasItsName() { #expect(EgressProcess.name == "cordon-egress") }
}
