/// The descriptors that a relay works on.
struct Descriptors {
  var hostInput: Int32
  var hostOutput: Int32
  var hostError: Int32
  var control: Int32
  var serverInput: Int32
  var serverOutput: Int32
  var serverError: Int32

  /// Those that the relay's process is started with.
  static let standard = Descriptors(
    hostInput: 0, hostOutput: 1, hostError: 2, control: 3, serverInput: 4, serverOutput: 5,
    serverError: 6)
}
