import CLinux
import Control
import Credentials
import Glibc
import Kernel

/// The relay as a process of its own: it parses everything hostile, so it holds no privilege.
///
/// It starts with the host's three standard descriptors, the control socket on 3, and the server's
/// input, output and error on 4, 5 and 6.
public enum RelayProcess {
  /// Runs until the server's output has ended, or the supervisor is gone.
  ///
  /// - Returns: the exit status; 70 where confinement failed or the supervisor ended first.
  public static func run() -> Int32 {
    var control = ControlChannel(Descriptors.standard.control)
    guard case .configure(let configuration) = control.next() else { return failure }
    do throws(SystemError) {
      return switch configuration.mode {
      case .relay: try relay(configuration, control)
      case .refuse(let message, let wait):
        try refuse(configuration, message, milliseconds: wait, &control)
      }
    } catch {
      control.send(.failed(step: "\(error.step): \(error.subject)", errno: error.errno.code), at: 0)
      control.drain()
      return failure
    }
  }

  private static let failure: Int32 = 70
  /// F_SETPIPE_SZ, which the Glibc module lacks.
  private static let setPipeSize: Int32 = 1031
  /// Enough that a large message takes few turns, little enough that what is in it stays in a
  /// processor's cache; and an ordinary user's pipes share 64 MiB.
  private static let pipeSize: Int32 = 256 << 10

  private static func relay(
    _ configuration: RelayConfiguration, _ control: ControlChannel
  ) throws(SystemError) -> Int32 {
    ignoreBrokenPipes()
    let descriptors = Descriptors.standard
    for descriptor in [
      descriptors.serverInput, descriptors.serverOutput, descriptors.serverError,
    ] {
      try makeNonBlocking(descriptor)
    }
    for descriptor in [descriptors.serverInput, descriptors.serverOutput] {
      // Where the kernel gives no more than the usual 64 KiB, large messages take more turns.
      _ = clinux_fcntl_int(descriptor, Self.setPipeSize, Self.pipeSize)
    }
    // What needs a system call that the filter refuses is done before it.
    var loop = RelayLoop(
      configuration: configuration, control: control, epoll: try EventLoop(),
      descriptors: descriptors,
      redactor: try redactor(configuration), ownPrefix: ownPrefix())
    var refusal = Refusal(messageSize: configuration.messageSize)
    try RelayConfinement.enter(configuration)
    loop.control.send(.ready, at: 0)
    switch try loop.run() {
    case .finished: return 0
    case .supervisorGone: return failure
    case .refused(let message, let milliseconds):
      refusal.run(message, milliseconds: milliseconds)
      loop.control.send(.finished, at: 0)
      loop.control.drain()
      return 0
    }
  }

  private static func refuse(
    _ configuration: RelayConfiguration, _ message: String, milliseconds: Int,
    _ control: inout ControlChannel
  ) throws(SystemError) -> Int32 {
    ignoreBrokenPipes()
    var refusal = Refusal(messageSize: configuration.messageSize)
    try RelayConfinement.enter(configuration)
    control.send(.ready, at: 0)
    control.flush(at: 0)
    refusal.run(message, milliseconds: milliseconds)
    control.send(.finished, at: 0)
    control.drain()
    return 0
  }

  /// A peer that is gone is told by EPIPE, which every write here handles.
  private static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// The server's end of the pipe is another open file: its flags stay as they are.
  private static func makeNonBlocking(_ descriptor: Int32) throws(SystemError) {
    let flags = try check("flags", "descriptor \(descriptor)") {
      clinux_fcntl_int(descriptor, F_GETFL, 0)
    }
    try check("flags", "descriptor \(descriptor)") {
      clinux_fcntl_int(descriptor, F_SETFL, flags | O_NONBLOCK)
    }
  }

  /// Random, so that no id of the host's begins so.
  private static func ownPrefix() -> String {
    var generator = SystemRandomNumberGenerator()
    return "cordon-" + String(generator.next(), radix: 16) + "-"
  }

  /// - Throws: `EINVAL` for a secret that could not be taken out of a text: nothing runs then.
  private static func redactor(
    _ configuration: RelayConfiguration
  ) throws(SystemError) -> Redactor {
    var secrets: [Secret] = []
    for secret in configuration.secrets {
      do throws(SecretError) {
        secrets.append(try Secret(name: secret.name, value: secret.value))
      } catch {
        throw SystemError(step: "secret", subject: secret.name, errno: Errno(EINVAL))
      }
    }
    return Redactor(secrets)
  }
}
