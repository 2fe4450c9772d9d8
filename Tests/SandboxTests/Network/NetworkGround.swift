import CLinux
import Control
import Foundation
import Glibc
import Kernel
import SystemCallFilter
import Testing

@testable import Sandbox

/// A network namespace as a stage makes it, with a Python program inside, and the sockets that came
/// out of it.
final class NetworkGround {
  let layout: EgressLayout
  private(set) var sockets: [Int: Int32] = [:]
  private(set) var isRedirecting = false
  private(set) var failure = ""
  private let output: Int32
  private let pid: Int32

  private static let prelude = """
    import errno, socket, sys
    def word(error): return errno.errorcode.get(error.errno, str(error))
    def connect(address, port, kind=socket.SOCK_STREAM):
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        s = socket.socket(family, kind)
        s.settimeout(10)
        s.connect((address, port))
        return s
    def attempt(address, port):
        try: connect(address, port).close(); return 'connected'
        except OSError as error: return word(error)

    """

  /// - Parameters:
  ///   - hasV6: whether interfaces have IPv6.
  ///   - hasTables: whether the kernel has `nf_tables`.
  ///   - script: runs inside once the network is made; what it prints is told by `said`.
  init(_ rules: [EgressRule], hasV6: Bool = true, hasTables: Bool = true, _ script: String) throws {
    layout = EgressLayout(rules)
    var ends: [Int32] = [-1, -1]
    try check("socketpair", "test") { unsafe clinux_stream_pair(&ends) }
    var pipe: [Int32] = [-1, -1]
    try check("pipe", "test") { unsafe clinux_pipe(&pipe, 0) }
    let own = (getuid(), getgid())
    let program = Self.prelude + script
    let pid = clinux_fork()
    if pid == 0 {
      dup2(pipe[1], 1)
      close(ends[0])
      close(pipe[0])
      Self.become(layout, own, ends[1], hasV6, hasTables, program)
    }
    try check("fork", "test") { pid }
    self.pid = pid
    output = pipe[0]
    close(pipe[1])
    close(ends[1])
    defer { close(ends[0]) }
    try receive(from: ends[0])
  }

  deinit {
    for raw in sockets.values { close(raw) }
    close(output)
    var status: Int32 = 0
    var signalled: Int32 = 0
    kill(pid, SIGKILL)
    _ = unsafe clinux_wait(pid, &status, &signalled, 0)
  }

  private static func become(
    _ layout: EgressLayout, _ own: (UInt32, UInt32), _ socket: Int32, _ hasV6: Bool,
    _ hasTables: Bool, _ program: String
  ) -> Never {
    do {
      // In a namespace of its own an ordinary user may do what root may.
      let namespaces =
        unsafe clinux_namespace_flag("net")
        | (own.0 == 0 ? 0 : unsafe clinux_namespace_flag("user"))
      try check("unshare", "test") { clinux_unshare(namespaces) }
      if own.0 != 0 {
        try overwrite("setgroups", "deny")
        try overwrite("uid_map", "0 \(own.0) 1")
        try overwrite("gid_map", "0 \(own.1) 1")
      }
      try check("loopback", "test") { clinux_loopback_up() }
      if !hasV6 { try overwrite("../sys/net/ipv6/conf/lo/disable_ipv6", "1") }
      if !hasTables {
        try check("prctl", "test") { clinux_no_new_privileges() }
        let words = tablesAreMissing
        try check("seccomp", "test") { unsafe clinux_seccomp_install(words, words.count) }
      }
      try SandboxNetwork(layout).send(on: socket)
    } catch {
      let text = Array("failed: \(error)".utf8)
      _ = unsafe write(socket, text, text.count)
      _exit(1)
    }
    let words = ["python3", "-c", program]
    unsafe withCStrings(words) { arguments in
      _ = unsafe clinux_execve("/usr/bin/python3", arguments, arguments + words.count)
    }
    _exit(2)
  }

  /// socket(AF_NETLINK, …, NETLINK_NETFILTER) fails with EPROTONOSUPPORT, as without the module.
  private static var tablesAreMissing: [UInt64] {
    // struct sock_filter: code, jumps where it holds and where not, and a number.
    func word(_ code: UInt64, _ yes: UInt64, _ no: UInt64, _ value: UInt64) -> UInt64 {
      code | yes << 16 | no << 24 | value << 32
    }
    let call = UInt64(FilterProgram.number(of: "socket") ?? 0)
    let load: UInt64 = 0x20
    let isEqual: UInt64 = 0x15
    let answer: UInt64 = 0x06
    // struct seccomp_data: the number at 0, the first argument at 16, the third at 32.
    return [
      word(load, 0, 0, 0), word(isEqual, 0, 5, call),
      word(load, 0, 0, 16), word(isEqual, 0, 3, UInt64(AF_NETLINK)),
      word(load, 0, 0, 32), word(isEqual, 0, 1, UInt64(NetlinkSocket.Part.netfilter.rawValue)),
      word(answer, 0, 0, 0x50000 | UInt64(EPROTONOSUPPORT)), word(answer, 0, 0, 0x7FFF_0000),
    ]
  }

  private static func overwrite(_ name: String, _ text: String) throws {
    let file = try Files.open("/proc/self/\(name)", flags: O_WRONLY)
    try Files.write(Array(text.utf8), to: file, subject: name)
  }

  private func receive(from raw: Int32) throws {
    var bytes = [UInt8](repeating: 0, count: 1024)
    while true {
      var received = [Int32](repeating: -1, count: 253)
      var number = 0
      let count = try check("receive", "test") {
        unsafe clinux_receive_descriptors(
          raw, &bytes, bytes.count, &received, received.count, &number)
      }
      if count == 0 { return }
      if number == 0 {
        failure += String(decoding: bytes[..<count], as: UTF8.self)
        continue
      }
      let batch = try EgressSocketBatch(Array(bytes[..<count]))
      #expect(batch.indices.count == number)
      #expect(number <= EgressSocketBatch.most)
      isRedirecting = batch.isRedirecting
      for (index, raw) in zip(batch.indices, received) { sockets[Int(index)] = raw }
    }
  }

  /// Everything that the program printed until its end.
  func said() throws -> [String] {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = try check("read", "test") { unsafe read(output, &chunk, chunk.count) }
      if count == 0 { break }
      text += chunk[..<count]
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Accepts one connection on the socket that is first of its kind.
  ///
  /// - Returns: the connection's local address, and where it went to before a redirection.
  func accept(_ matches: (EgressLayout.Socket) -> Bool) throws -> Accepted {
    let found = layout.sockets.firstIndex(where: matches)
    let index = try #require(found)
    let raw = try #require(sockets[index])
    var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    let ready = unsafe poll(&entry, 1, 10_000)
    #expect(ready == 1)
    let connection = try check("accept", "test") { Glibc.accept(raw, nil, nil) }
    return Accepted(raw: connection)
  }
}

/// A connection from inside, in the test's own network namespace.
final class Accepted {
  let raw: Int32

  init(raw: Int32) { self.raw = raw }

  deinit { close(raw) }

  var local: (address: IPAddress, port: UInt16) {
    get throws { try InternetSocket.localAddress(of: raw) }
  }

  /// Where it went before a redirection.
  var original: (address: IPAddress, port: UInt16) {
    get throws {
      var endpoint = clinux_endpoint()
      try check("getsockopt", "SO_ORIGINAL_DST") {
        unsafe clinux_original_endpoint(raw, &endpoint)
      }
      return try endpoint.parts()
    }
  }

  /// As the egress process shows a failure outside.
  func reset() throws {
    _ = try check("setsockopt", "SO_LINGER") { clinux_reset_on_close(raw) }
  }
}
