/// Why a filter could not be compiled.
public enum FilterError: Error, Equatable, Sendable {
  /// No architecture has a call of this name.
  case unknownCall(String, nearest: String?)
  /// libseccomp, or the file that takes its program, refused.
  case step(String, errno: Int32)
  /// The filter compares the arguments of a call that libseccomp cannot name.
  case argumentsOfNewerCall(String)
}

extension FilterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownCall(let name, let nearest):
      let suggestion = nearest.map { ", did you mean \"\($0)\"?" } ?? ""
      return "unknown system call \"\(name)\"\(suggestion)"
    case .step(let step, let errno):
      return "\(step): errno \(errno)"
    case .argumentsOfNewerCall(let name):
      return "the arguments of \(name) cannot be filtered with this libseccomp"
    }
  }
}
