import Kernel

/// The record that was read or written last, to be used again for as long as its file is the same.
///
/// The file is kept open meanwhile, so that no other one can get its inode: a file of that inode, size
/// and those times is the one that was read. A record of a thousand items takes many times longer to
/// read than to look at.
final class KeptRecord {
  private var file: OwnedDescriptor?
  private var kept: (status: FileStatus, record: ServerRecord)?

  /// The record, if the file at `path` still is the one that it was read from.
  func record(at path: String) throws(SystemError) -> ServerRecord? {
    guard let kept else { return nil }
    if try Files.status(path, follow: false) == kept.status { return kept.record }
    forget()
    return nil
  }

  /// - Parameter contents: from which it was read.
  func keep(_ record: ServerRecord, of contents: consuming ApprovalStore.Contents) {
    kept = (contents.status, record)
    file = .some(contents.file)
  }

  func forget() {
    kept = nil
    file = nil
  }
}
