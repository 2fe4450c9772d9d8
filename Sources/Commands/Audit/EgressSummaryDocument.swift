import JSON

/// The summary for programs.
enum EgressSummaryDocument {
  static func write(_ summary: EgressSummary, server: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("schema") { $0.int(1) }
      root.member("name") { $0.string(server) }
      root.member("destinations") { member in
        member.array { list in
          for (destination, traffic) in summary.destinations {
            list.object { row in
              write(destination, to: &row)
              write(traffic, to: &row)
            }
          }
        }
      }
      root.member("refused") { member in
        member.array { list in
          for (refused, refusals) in summary.refused {
            list.object { row in
              write(refused.destination, to: &row)
              row.member("reason") { $0.string(refused.reason) }
              write(refusals, to: &row)
            }
          }
        }
      }
      // Only where there was more than is told apart.
      if summary.otherTraffic.connections > 0 {
        root.member("otherDestinations") { member in
          member.object { write(summary.otherTraffic, to: &$0) }
        }
      }
      if summary.otherRefusals.count > 0 {
        root.member("otherRefused") { member in
          member.object { write(summary.otherRefusals, to: &$0) }
        }
      }
      if summary.incomplete > 0 {
        root.member("incompleteSessions") { $0.int(summary.incomplete) }
      }
    }
    return TerminalSafeJSON.line(writer)
  }

  private static func write(
    _ destination: EgressSummary.Destination, to row: inout JSONWriter
  ) {
    row.member("name") { $0.string(destination.name) }
    row.member("port") { $0.int(destination.port) }
  }

  private static func write(_ traffic: EgressSummary.Traffic, to row: inout JSONWriter) {
    row.member("connections") { $0.int(traffic.connections) }
    row.member("outcomes") { member in
      member.object { outcomes in
        for (outcome, count) in traffic.sortedOutcomes {
          outcomes.member(outcome) { $0.int(count) }
        }
      }
    }
    row.member("sent") { $0.int(traffic.sent) }
    row.member("received") { $0.int(traffic.received) }
    row.member("milliseconds") { $0.int(traffic.milliseconds) }
    row.member("addresses") { member in
      member.array { list in for address in traffic.addresses { list.string(address) } }
    }
    row.member("first") { $0.string(traffic.first) }
    row.member("last") { $0.string(traffic.last) }
  }

  private static func write(_ refusals: EgressSummary.Refusals, to row: inout JSONWriter) {
    row.member("count") { $0.int(refusals.count) }
    row.member("detail") { $0.string(refusals.detail) }
    if !refusals.grant.isEmpty { row.member("allow") { $0.string(refusals.grant) } }
    row.member("last") { $0.string(refusals.last) }
  }
}
