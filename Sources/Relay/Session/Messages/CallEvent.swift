import Control
import Digest
import JSON

/// How a call went: a line of the audit log, put into words only when it is sent.
struct CallEvent: Equatable {
  var call: Call
  var outcome: String
  var resultSize: Int
  var ended: UInt64

  var report: RelayReport {
    var fields = [ControlField("tool", .text(call.tool.utf8))]
    if let arguments = call.arguments {
      fields.append(ControlField("arguments", .text(Array(arguments.hex.utf8))))
    }
    let duration = ended - min(ended, call.started)
    fields += [
      ControlField("requestBytes", .integer(Int64(call.size))),
      ControlField("resultBytes", .integer(Int64(resultSize))),
      ControlField("milliseconds", .integer(Int64(duration / 1_000_000))),
      ControlField("outcome", .text(Array(outcome.utf8))),
    ]
    if let trace = call.trace { fields += trace.controlFields }
    return .event(kind: "call", fields: fields)
  }
}
