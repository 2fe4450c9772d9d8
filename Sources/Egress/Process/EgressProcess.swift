/// The egress process: it answers the sandbox's questions for names and carries its connections.
///
/// It starts with the control socket on 0, and on 1 the socket through which the stage sends the
/// sandbox's sockets. It runs in the host's network namespace.
public enum EgressProcess {
  /// The process's name among the parts of a running server.
  public static let name = "cordon-egress"
}
