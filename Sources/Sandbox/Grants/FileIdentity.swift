public import Kernel

/// A file or directory as the kernel tells it from every other one.
public struct FileIdentity: Hashable, Sendable {
  public let device: UInt64
  public let inode: UInt64

  public init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }

  public init(_ status: FileStatus) {
    self.init(device: status.device, inode: status.inode)
  }
}
