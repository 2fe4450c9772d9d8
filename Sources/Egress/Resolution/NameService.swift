import CCares
import Glibc
import Kernel

/// The system's name servers, asked through c-ares: it reads `resolv.conf`, sends to one server after
/// another, over UDP and TCP, and finds out which answer belongs to which question. What is asked and
/// answered is made and read elsewhere.
///
/// All that is unsafe about c-ares is in this file. A channel is used by one thread, as it must be. The
/// library keeps two pointers of ours: `watch`, which a channel's owner keeps alive until after the
/// channel is destroyed, and per question a `Question` with a reference of its own, which the callback
/// takes back; c-ares calls that exactly once for each question, also when the channel is destroyed.
@safe
final class NameService {
  /// What c-ares is given instead of what it would find: for tests.
  struct Settings {
    var configuration = "/etc/resolv.conf"
    var port: UInt16 = 53
    /// Milliseconds until the next server is asked; twice that in the second round.
    var patience: Int32 = 2000
  }

  struct Failure: Error, Equatable {
    /// c-ares's own code.
    let status: Int32
  }

  typealias Completion = (Result<[UInt8], Failure>) -> Void

  private let channel: OpaquePointer
  private let watch: Watch
  /// Questions without an answer.
  var isIdle: Bool { watch.pending == 0 }

  init(_ settings: Settings) throws(SystemError) {
    watch = Watch(loop: try EventLoop())
    var options = unsafe ares_options()
    // Names are absolute, and of the rules: no search list and no aliases of somebody's environment
    // (LOCALDOMAIN, HOSTALIASES). What RES_OPTIONS could change is set here. The hosts file is read
    // elsewhere.
    unsafe options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES
    unsafe options.timeout = settings.patience
    unsafe options.tries = 2
    unsafe options.ndots = 1
    unsafe options.ndomains = 0
    unsafe options.udp_port = settings.port
    unsafe options.tcp_port = settings.port
    unsafe options.sock_state_cb = { data, socket, readable, writable in
      guard let data = unsafe data else { return }
      // The pointer of the channel's owner, which outlives the channel.
      unsafe Unmanaged<Watch>.fromOpaque(data).takeUnretainedValue()
        .change(socket, readable: readable != 0, writable: writable != 0)
    }
    unsafe options.sock_state_cb_data = Unmanaged.passUnretained(watch).toOpaque()
    let mask =
      ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS | ARES_OPT_DOMAINS
      | ARES_OPT_LOOKUPS | ARES_OPT_UDP_PORT | ARES_OPT_TCP_PORT | ARES_OPT_SOCK_STATE_CB
      | ARES_OPT_NOROTATE | ARES_OPT_RESOLVCONF
    var made: OpaquePointer?
    // The two strings are copied by the call; both are lent for its length.
    let status = unsafe settings.configuration.withCString { path in
      unsafe "b".withCString { lookups in
        unsafe options.resolvconf_path = UnsafeMutablePointer(mutating: path)
        unsafe options.lookups = UnsafeMutablePointer(mutating: lookups)
        return unsafe ares_init_options(&made, &options, mask)
      }
    }
    guard status == ARES_SUCCESS, let made = unsafe made else {
      let code = status == ARES_ENOMEM ? ENOMEM : status == ARES_EFILE ? EACCES : EINVAL
      throw SystemError(
        step: "name service", subject: settings.configuration, errno: Errno(code))
    }
    unsafe channel = made
  }

  deinit {
    // Calls back for every question that is left, while `watch` is still there.
    unsafe ares_destroy(channel)
  }

  /// The descriptor to watch: readable while there is something to do.
  func withRaw<Result>(_ body: (Int32) -> Result) -> Result { watch.loop.withRaw(body) }

  /// - Parameters:
  ///   - query: a message; its number is kept.
  ///   - completion: is called once, perhaps before this returns; it must not call back in here.
  func ask(_ query: [UInt8], _ completion: @escaping Completion) {
    watch.pending += 1
    let question = Question(watch, completion)
    let callback: ares_callback = { argument, status, _, bytes, count in
      guard let argument = unsafe argument else { return }
      // The reference that `ask` made for this call.
      let question = unsafe Unmanaged<Question>.fromOpaque(argument).takeRetainedValue()
      question.watch.pending -= 1
      guard status == ARES_SUCCESS, let bytes = unsafe bytes, count > 0 else {
        question.completion(.failure(Failure(status: status)))
        return
      }
      // c-ares lends as many bytes as it says for the length of this call.
      let answer = unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
      question.completion(.success(answer))
    }
    // The bytes are copied by the call.
    unsafe ares_send(
      channel, query, Int32(query.count), callback, Unmanaged.passRetained(question).toOpaque())
  }

  /// Reads and writes what can be read and written, and gives up what has taken too long.
  func process() {
    for event in watch.ready() {
      let socket = ares_socket_t(truncatingIfNeeded: event.token)
      unsafe ares_process_fd(
        channel, event.readable || event.hangUp ? socket : ARES_SOCKET_BAD,
        event.writable ? socket : ARES_SOCKET_BAD)
    }
    unsafe ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
  }

  /// Nanoseconds until `process` is to be called, even if there is nothing to read; nil for never.
  var patience: UInt64? {
    var time = timeval()
    // With no limit given the result is null or points to `time`.
    guard unsafe ares_timeout(channel, nil, &time) != nil else { return nil }
    return UInt64(max(0, time.tv_sec)) * 1_000_000_000 + UInt64(max(0, time.tv_usec)) * 1000
  }
}

/// The sockets of one channel.
private final class Watch {
  let loop: EventLoop
  var pending = 0
  private var watched: Set<Int32> = []
  private var events: [EventLoop.Event] = []

  init(loop: consuming EventLoop) { self.loop = loop }

  /// c-ares says this before it closes a socket, so that no number stands for two.
  func change(_ socket: Int32, readable: Bool, writable: Bool) {
    var interest: EventLoop.Interest = []
    if readable { interest.insert(.readable) }
    if writable { interest.insert(.writable) }
    do throws(SystemError) {
      if interest.isEmpty {
        if watched.remove(socket) != nil { try loop.remove(socket) }
      } else if watched.insert(socket).inserted {
        try loop.add(socket, token: UInt64(socket), interest: interest)
      } else {
        try loop.modify(socket, token: UInt64(socket), interest: interest)
      }
    } catch {
      // Out of memory, or of watches: the question gets no answer and ends by its time.
      watched.remove(socket)
    }
  }

  func ready() -> [EventLoop.Event] {
    do throws(SystemError) {
      try loop.wait(into: &events, timeoutMilliseconds: 0)
    } catch {
      // Only a descriptor that is none could fail here; the questions end by their time.
      return []
    }
    return events
  }
}

private final class Question {
  let watch: Watch
  let completion: NameService.Completion

  init(_ watch: Watch, _ completion: @escaping NameService.Completion) {
    self.watch = watch
    self.completion = completion
  }
}
