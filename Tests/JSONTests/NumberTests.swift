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

  @Test func doubles() throws {
    #expect(try JSONReader.parse(bytes("-1.5e3")).number?.double == -1500)
    #expect(try JSONReader.parse(bytes("1e400")).number?.double == nil)
    #expect(try JSONReader.parse(bytes("1e-400")).number?.double == 0)
    #expect(try JSONReader.parse(bytes("0.1")).number?.isExactInDouble == true)
    #expect(try JSONReader.parse(bytes("1e-400")).number?.isExactInDouble == false)
  }
}
