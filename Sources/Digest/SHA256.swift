private import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto, fed piece by piece.
///
/// It opens no file, allocates nothing and needs no preparation, so that a confined process can
/// use it.
public struct SHA256: Sendable {
  private var context = SHA256_CTX()

  public init() {
    // The three calls fail only for a null context (openssl/sha.h), which this is not.
    _ = unsafe SHA256_Init(&context)
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    // The buffer is valid for the call, which keeps no pointer.
    _ = unsafe SHA256_Update(&context, base, bytes.count)
  }

  public mutating func update(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { storage in
      unsafe update(UnsafeRawBufferPointer(storage))
    }
    if done == nil {
      unsafe Array(bytes).withUnsafeBytes { storage in unsafe update(storage) }
    }
  }

  /// The digest of everything fed so far; more can be fed afterwards.
  public func finish() -> Digest {
    var copy = context
    var bytes = [UInt8](repeating: 0, count: Digest.size)
    // It writes exactly 32 bytes, which the array holds.
    _ = unsafe SHA256_Final(&bytes, &copy)
    return Digest(finished: bytes)
  }

  public static func hash(_ bytes: some Sequence<UInt8>) -> Digest {
    var state = SHA256()
    state.update(bytes)
    return state.finish()
  }
}
