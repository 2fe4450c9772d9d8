import FilterCompiler
public import Kernel

import Glibc

/// Why a profile's filter cannot be had.
public enum FilterProblem: Error, Equatable, Sendable {
  /// A call that no architecture has, and the known name that looks most like it.
  case unknownCall(String, nearest: String?)
  case compilation(SystemError)
}

extension FilterProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownCall(let name, let nearest):
      let suggestion = nearest.map { ", did you mean \"\($0)\"?" } ?? ""
      return "unknown system call \"\(name)\"\(suggestion)"
    case .compilation(let error):
      return error.description
    }
  }
}

extension FilterProgram {
  /// The server's filter with a profile's changes, which is compiled now where there are any: 3 to
  /// 8 ms.
  ///
  /// A call in `allow` is allowed whatever its arguments, also one whose arguments the filter would
  /// have looked at; one that `strict` lacks and the default has is decided as there. A call in `deny`
  /// fails with EPERM and wins over `allow`. A call of other architectures alone is not an error.
  public static func server(
    _ base: FilterBase = .standard, allow: [String], deny: [String]
  ) throws(FilterProblem) -> FilterProgram {
    if allow.isEmpty && deny.isEmpty { return base.built }
    for call in allow + deny where !isKnownCall(call) {
      throw .unknownCall(call, nearest: nearestCall(to: call))
    }
    do throws(FilterError) {
      let filter = base.filter.changed(allow: allow, deny: deny, wider: base.wider)
      return FilterProgram(words: try filter.compile(for: .current))
    } catch {
      throw problem(error)
    }
  }

  /// Whether a profile may name this call.
  public static func isKnownCall(_ name: String) -> Bool {
    SystemCallNames.isKnown(name)
  }

  /// The known call that looks most like this name, if one is near.
  public static func nearestCall(to name: String) -> String? {
    SystemCallNames.nearest(to: name)
  }

  private static func problem(_ error: FilterError) -> FilterProblem {
    switch error {
    case .unknownCall(let name, let nearest):
      return .unknownCall(name, nearest: nearest)
    case .step(let step, let errno):
      return .compilation(
        SystemError(step: step, subject: "system call filter", errno: Errno(errno)))
    case .argumentsOfNewerCall(let name):
      return .compilation(
        SystemError(step: "compile", subject: name, errno: Errno(ENOTSUP)))
    }
  }
}
