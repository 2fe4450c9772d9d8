import JSON
import MCP
import Testing

@Suite struct SalvageTests {
  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":7,"method":"x","params":{"text":"cut off he"#, MessageID.number(7)),
    (#"{"method":"x","params":{"a":[1,{"id":9}],"a":0},"id":"q\"}"}"#, .string("q\"}")),
    (#"{ "id" : -5 , "method" : "x" "#, .number(-5)),
    (#"{"id":1,"method":"}",,,"#, .number(1)),
  ]) func findsTheIdOfARequest(_ text: String, _ id: MessageID) {
    #expect(Self.salvage(text) == id)
  }

  @Test(arguments: [
    "", "{", "[{\"id\":1,\"method\":\"x\"}]", #"{"id":1,"result":{}"#, #"{"id":1}"#,
    #"{"method":"x","params":{"id":1}"#, #"{"id":1,"id":2,"method":"x""#,
    #"{"id":1.5,"method":"x""#, #"{"id":null,"method":"x""#, #"{"id":"\ud800","method":"x""#,
    #"{"method":"x","id":"#, #"{"method":"x","id":"abc"#, #"{"id":1,"method":"x","result":1,"#,
    "\"", "\"\\", "}}}", "{:", #"{"a":1,:"#,
  ]) func staysSilentOtherwise(_ text: String) {
    #expect(Self.salvage(text) == nil)
  }

  private static func salvage(_ text: String) -> MessageID? {
    unsafe Array(text.utf8).withUnsafeBytes { bytes in unsafe Salvage.requestID(in: bytes) }
  }
}
