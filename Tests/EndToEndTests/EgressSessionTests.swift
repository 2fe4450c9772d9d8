import Foundation
import Testing

/// The process that carries a server's connections, as a part of its session: it is there where
/// something is granted and not otherwise, no session outlives it, and what was open at a session's end
/// is written down.
@Suite struct EgressSessionTests {
  /// Where something listens on this machine's loopback. The kernel takes connections for it.
  private final class Listener {
    let descriptor: Int32
    let port: UInt16

    init() throws {
      let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      descriptor = raw
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      // An address of its own family, and as long as it says.
      let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          let bound = unsafe bind(raw, address, length)
          return unsafe bound == 0 ? getsockname(raw, address, &length) : bound
        }
      }
      try #require(result == 0 && listen(raw, 8) == 0)
      port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
  }

  /// A session whose server connects, sends five bytes, says so and stays.
  private final class Running {
    let scene: Scene
    let process = ChildProcess()
    private let input = Pipe()
    private let errors = Pipe()
    private var said = ""

    init(_ port: UInt16?) throws {
      scene = try Scene()
      let program =
        port.map {
          """
          import socket, sys, time
          s = socket.create_connection(('localhost', \($0)), 20)
          s.sendall(b'12345')
          print('it is open', file=sys.stderr, flush=True)
          time.sleep(100)
          """
        } ?? "import sys, time; print('it is open', file=sys.stderr, flush=True); time.sleep(100)"
      let argv = scene.run(
        "connected", options: port.map { ["--allow", "localhost:\($0)"] } ?? [],
        Places.python, "-c", program)
      process.executableURL = URL(filePath: argv[0])
      process.arguments = Array(argv.dropFirst())
      process.environment = scene.environment
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      process.standardError = errors
      try process.run()
      while !said.contains("it is open") {
        let more = errors.fileHandleForReading.availableData
        try #require(!more.isEmpty, "\(said)")
        said += String(decoding: more, as: UTF8.self)
      }
    }

    /// The processes that carry connections.
    var carriers: [ProcessMark] {
      ProcessTree.below(Int(process.processIdentifier)).filter { mark in
        let line = FileManager.default.contents(atPath: "/proc/\(mark.pid)/cmdline")
        return line?.starts(with: Data("cordon-egress".utf8)) == true
      }
    }

    /// Waits for the end.
    ///
    /// - Returns: the status, and all that was said on standard error.
    func end() throws -> (status: Int32, errors: String) {
      said += String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, said)
    }
  }

  @Test func nothingIsThereWithoutAGrant() throws {
    let running = try Running(nil)
    #expect(running.carriers.isEmpty)
    running.process.terminate()
    _ = try running.end()
  }

  @Test func whatIsOpenAtTheEndIsWrittenDown() throws {
    let listener = try Listener()
    let running = try Running(listener.port)
    let carrier = try #require(running.carriers.first)
    #expect(running.carriers.count == 1)
    #expect(ProcessTree.status(carrier.pid, "CapEff").flatMap { UInt64($0, radix: 16) } == 0)
    #expect(ProcessTree.status(carrier.pid, "Seccomp") == "2")
    #expect(ProcessTree.status(carrier.pid, "NoNewPrivs") == "1")
    if geteuid() == 0 {
      // Nobody else's.
      let owner = ProcessTree.status(carrier.pid, "Uid")?.split(separator: "\t").first
      #expect(owner.flatMap { UInt32($0) }.map { $0 >= 1_900_000_000 } == true)
    }
    running.process.terminate()
    let (status, errors) = try running.end()
    #expect(status == 128 + SIGTERM, "\(errors)")
    let events = try running.scene.audit("connected").filter { $0["event"].string == "egress" }
    #expect(events.count == 1, "\(errors)")
    #expect(events.first?["name"].string == "localhost")
    #expect(events.first?["port"].int == Int(listener.port))
    #expect(events.first?["sent"].int == 5)
    #expect(ProcessTree.survivors([carrier], within: 5).isEmpty)
  }

  @Test func noSessionOutlivesIt() throws {
    let listener = try Listener()
    let running = try Running(listener.port)
    let carrier = try #require(running.carriers.first)
    #expect(kill(pid_t(carrier.pid), SIGKILL) == 0)
    let (status, errors) = try running.end()
    #expect(status == 70, "\(errors)")
    #expect(errors.contains("the egress process ended: signal 9"), "\(errors)")
    let exit = try running.scene.audit("connected").last { $0["event"].string == "exit" }
    #expect(exit?["reason"].string == "the egress process ended: signal 9")
  }
}
