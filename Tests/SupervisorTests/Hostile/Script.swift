/// Parts in Python.
enum Script {
  /// - Parameter control: the descriptor on which the part speaks to the supervisor.
  static func prelude(control: Int) -> String {
    """
    import os, socket, struct, sys, time, hashlib
    control = socket.socket(fileno=\(control))

    """ + words
  }

  private static let words = #"""
    def number(n): return struct.pack('<Q', n & (2**64 - 1))
    def text(b):
        b = b.encode() if isinstance(b, str) else b
        return number(len(b)) + b
    def frame(kind, body=b''): return struct.pack('<I', len(body) + 1) + bytes([kind]) + body
    def send(*frames): control.sendall(b''.join(frames))
    # What the relay says.
    READY, HANDSHAKEN, HOST_CLOSED, FINISHED = frame(1), frame(6), frame(7), frame(8)
    def failed(step, errno=1): return frame(2, text(step) + number(errno))
    def item(sequence, name, canonical, kind='tool'):
        return frame(3, number(sequence) + text(kind) + text(name) + text(canonical))
    def pin(name, canonical, kind='tool', digest=None):
        whole = b'\0'.join([b'cordon-item-v1', kind.encode(), canonical.encode()])
        return text(kind) + text(name) + text(digest or hashlib.sha256(whole).digest())
    def observed(sequence, pins, kind='tool'):
        return frame(4, number(sequence) + text(kind) + number(len(pins)) + b''.join(pins))
    def event(kind, fields):
        return frame(5, text(kind) + number(len(fields)) + b''.join(
            text(name) + number(1) + text(value) for name, value in fields))
    def ask(question, name, canonical, kind='tool', digest=None):
        return frame(21, number(question) + pin(name, canonical, kind, digest))
    def answered(question, answer): return frame(22, number(question) + text(answer))
    def tool(name, words='x'): return '{"description":"%s","name":"%s"}' % (words, name)
    # What the stage says.
    STARTED = frame(2)
    def step_failed(step, subject, errno=1): return frame(1, text(step) + text(subject) + number(errno))
    def exited(status, signalled=False): return frame(3, number(status) + bytes([signalled]))
    # What the egress process says.
    def connection(name='a', port=443, address=b'\x01\x02\x03\x04', outcome='closed', errno=0):
        return frame(3, text(name) + number(port) + text(address) + number(1) * 3 + text(outcome)
            + number(errno))
    def refused(reason='name', name='a', port=0, detail='', count=1):
        return frame(4, text(reason) + text(name) + number(port) + text(detail) + number(count))
    def orders():
        "The types of the supervisor's frames, as they come."
        buffer = b''
        while True:
            chunk = control.recv(65536)
            if not chunk: return
            buffer += chunk
            while len(buffer) >= 4:
                length = struct.unpack('<I', buffer[:4])[0]
                if len(buffer) < 4 + length: break
                yield buffer[4]
                buffer = buffer[4 + length:]
    def settle():
        "Reads what comes until the supervisor is gone."
        for kind in orders(): pass
        os._exit(0)

    """#

  /// Confined, as far as it says, and there until the server's output ends.
  static let quietRelay = "send(READY); os.read(5, 1); send(FINISHED); os._exit(0)"

  /// Confined, as far as it says, and there until the session ends.
  static let quietEgress = "send(READY); settle()"

  /// Starts, and ends when it is told to.
  static let quietStage = #"""
    for kind in orders():
        if kind == 1: send(STARTED)
        if kind == 2:
            send(exited(15, True))
            os._exit(0)
    """#

  /// Runs for so long, then ends as a server would.
  static func stage(for seconds: Double) -> String {
    #"""
    next(orders())
    send(STARTED)
    time.sleep(\#(seconds))
    send(exited(0))
    os._exit(0)
    """#
  }
}
