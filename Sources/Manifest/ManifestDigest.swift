public import Digest

/// The digest of a whole set of items.
public enum ManifestDigest {
  /// SHA-256 over a version tag and the items' digests in ascending order. Each has 32 bytes, so
  /// the set can be told from the bytes.
  public static func over(_ items: some Sequence<Digest>) -> Digest {
    var state = SHA256()
    state.update("cordon-manifest-v1\0".utf8)
    for item in items.sorted() { state.update(item.bytes) }
    return state.finish()
  }
}
