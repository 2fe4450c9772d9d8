import JSON
import Relay

extension Commands {
  /// The parts of a running server are this same file, started under names of their own by the
  /// supervisor; they never come to the command line.
  ///
  /// - Parameter program: `argv[0]`.
  /// - Returns: the part's status, nil where it is none of them.
  static func dispatchInternal(_ program: [UInt8]) -> Int32? {
    switch JSONString(utf8: program) {
    case "cordon-relay": RelayProcess.run()
    default: nil
    }
  }
}
