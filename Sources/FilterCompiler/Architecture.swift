import CSeccomp

/// An architecture that Cordon is built for. Its call numbers are libseccomp's business.
public enum Architecture: String, CaseIterable, Sendable {
  case x86_64
  case aarch64

  /// The condition in `#if arch(…)`.
  public var swiftName: String { self == .x86_64 ? "x86_64" : "arm64" }

  /// AUDIT_ARCH_*, as the kernel tells a filter.
  public var token: UInt32 {
    // Spelt as an expression in <linux/audit.h>, which the importer does not read.
    let littleEndian64Bit: UInt32 = 0xC000_0000
    switch self {
    case .x86_64: return littleEndian64Bit | 62  // EM_X86_64
    case .aarch64: return littleEndian64Bit | 183  // EM_AARCH64
    }
  }

  /// The architecture that this code was compiled for.
  public static var current: Architecture {
    #if arch(x86_64)
      .x86_64
    #elseif arch(arm64)
      .aarch64
    #endif
  }
}
