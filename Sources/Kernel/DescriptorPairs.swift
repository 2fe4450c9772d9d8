import CLinux

/// A pipe. Both ends are close-on-exec and block.
@frozen
public struct Pipe: ~Copyable {
  public let reading: OwnedDescriptor
  public let writing: OwnedDescriptor

  public init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try check("pipe", "pair") { unsafe clinux_pipe(&ends, 0) }
    reading = OwnedDescriptor(owning: ends[0])
    writing = OwnedDescriptor(owning: ends[1])
  }
}

/// Two connected stream sockets of this machine (`AF_UNIX`), close-on-exec.
@frozen
public struct SocketPair: ~Copyable {
  public let ours: OwnedDescriptor
  public let theirs: OwnedDescriptor

  public init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try check("socketpair", "stream") { unsafe clinux_stream_pair(&ends) }
    ours = OwnedDescriptor(owning: ends[0])
    theirs = OwnedDescriptor(owning: ends[1])
  }
}
