import Glibc

/// The running kernel's version, as `uname` tells it.
public struct KernelRelease: Comparable, Sendable, CustomStringConvertible {
  public let major: Int
  public let minor: Int
  /// With everything that a distribution adds.
  public let description: String

  /// What every step of a launch exists in: `mount_setattr` is the youngest.
  public static let oldestUsable = KernelRelease("5.12")

  public init(_ text: String) {
    let numbers = text.split(separator: ".", maxSplits: 2).map { part in
      Int(part.prefix { $0.isASCII && $0.isNumber }) ?? 0
    }
    major = numbers.first ?? 0
    minor = numbers.dropFirst().first ?? 0
    description = text
  }

  public static func current() -> KernelRelease {
    var names = utsname()
    guard unsafe uname(&names) == 0 else { return KernelRelease("unknown") }
    // The kernel ends it with a NUL.
    let text = unsafe withUnsafeBytes(of: names.release) { (bytes) in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return KernelRelease(text)
  }

  public static func < (left: KernelRelease, right: KernelRelease) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  public static func == (left: KernelRelease, right: KernelRelease) -> Bool {
    (left.major, left.minor) == (right.major, right.minor)
  }
}
