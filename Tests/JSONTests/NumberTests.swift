import JSON
import Testing

@Suite struct NumberTests {
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min),
    ] as [(String, Int64)]) func integers(_ source: String, _ value: Int64) throws
  {
    #expect(try JSONReader.parse(bytes(source)).int64 == value)
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "1.0", "1e0", "99999999999999999999999",
  ]) func noIntegers(_ source: String) throws {
    #expect(try JSONReader.parse(bytes(source)).int64 == nil)
  }

  /// Python refuses an integer of more than 4,300 digits, other readers do not.
  @Test func longNumbersAreRefused() {
    for digit in ["1", "0.1", "-1e1", "1e-1"] {
      let longest = digit + String(repeating: "1", count: JSONNumber.longest - digit.utf8.count)
      #expect(treeError(bytes(longest)) == nil)
      #expect(treeError(bytes("[\(longest)1]"))?.reason == .numberTooLong)
      #expect(outlineError(bytes("[0,\(longest)1]")) == treeError(bytes("[0,\(longest)1]")))
    }
  }

  @Test func doubles() throws {
    #expect(try JSONReader.parse(bytes("-1.5e3")).number?.double == -1500)
    #expect(try JSONReader.parse(bytes("1e400")).number?.double == nil)
    #expect(try JSONReader.parse(bytes("1e-400")).number?.double == 0)
    #expect(try JSONReader.parse(bytes("0.1")).number?.isExactInDouble == true)
    #expect(try JSONReader.parse(bytes("1e-400")).number?.isExactInDouble == false)
  }
}
