/// Every status that Cordon itself ends with.
///
/// A server that ran ends `cordon run` with the server's own status instead (128+n for a signal).
/// The numbers are those of `sysexits.h` where it has one, so that a script can tell the classes
/// apart without reading text.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case success = 0
  /// `manifest diff` found a difference.
  case different = 1
  case usage = 64
  case badData = 65
  case noSuchServer = 66
  case unavailable = 69
  case internalError = 70
  case storeFailure = 74
  case refused = 77
  case configuration = 78
  case commandNotFound = 127

  /// What the status means, in the words of the help.
  var meaning: String {
    switch self {
    case .success: "done"
    case .different: "the two are different"
    case .usage: "the command line is wrong"
    case .badData: "a file's content is wrong"
    case .noSuchServer: "there is no such server"
    case .unavailable: "the sandbox can't be had on this machine"
    case .internalError: "a fault in Cordon itself"
    case .storeFailure: "a store can't be read or written"
    case .refused: "refused by policy, by a person or by a digest"
    case .configuration: "the configuration asks for what can't be had"
    case .commandNotFound: "the command is not found inside the sandbox"
    }
  }
}
