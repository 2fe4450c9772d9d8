import Testing

@testable import Control

@Suite struct EgressSocketBatchTests {
  @Test(arguments: [
    EgressSocketBatch(isRedirecting: true, isLast: false, indices: [0, 1, 258]),
    EgressSocketBatch(isRedirecting: false, isLast: true, indices: [.max]),
    EgressSocketBatch(isRedirecting: true, isLast: true, indices: Array(0..<200)),
  ])
  func aBatchArrivesAsItLeft(batch: EgressSocketBatch) throws {
    #expect(try EgressSocketBatch(batch.bytes) == batch)
  }

  @Test(
    arguments: [
      [], [1], [1, 2], [2, 2, 0, 0], [1, 4, 0, 0], [1, 2, 0], [1, 2, 0, 0, 0],
      [1, 0] + [UInt8](repeating: 0, count: 402),
    ] as [[UInt8]])
  func anythingElseIsRefused(bytes: [UInt8]) {
    #expect(throws: FrameError.self) { try EgressSocketBatch(bytes) }
  }
}
