import Egress
import Relay
import Sandbox
import Supervisor

extension Commands {
  /// The parts of a running server are this same file, started under names of their own by the
  /// supervisor; they never come to the command line.
  ///
  /// - Returns: the part's status, nil where `program` is none of them.
  static func dispatchInternal(_ program: [UInt8]) -> Int32? {
    switch String(validating: program, as: UTF8.self) {
    case "cordon-relay": RelayProcess.run()
    case "cordon-egress": EgressProcess.run()
    case "cordon-stage": StageProcess.run()
    case "cordon-probe": ProbeProcess.run()
    case "cordon-removal": RemovalProcess.run()
    case "cordon-sweeper": SweeperProcess.run()
    case "cordon-asker": AskerProcess.run()
    default: nil
    }
  }
}
