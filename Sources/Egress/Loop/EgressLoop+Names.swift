import CLinux
import Glibc
import Kernel

extension EgressLoop {
  /// Datagrams before others have their turn.
  private static let turn = 64

  /// Answers from the address that was asked: a resolver takes no other's word.
  mutating func answerDatagrams(_ listener: Listener) {
    var asker = clinux_endpoint()
    var asked = clinux_endpoint()
    for _ in 0..<Self.turn {
      var errno = Errno(0)
      let query = unsafe [UInt8](unsafeUninitializedCapacity: NameStream.longestQuery) {
        buffer, count in
        guard let base = buffer.baseAddress else { return }
        let received = unsafe clinux_receive_datagram(
          listener.descriptor, base, buffer.count, &asker, &asked)
        if received < 0 { errno = Errno.current }
        count = max(0, received)
      }
      if errno.code == EAGAIN { break }
      guard errno.code == 0, !query.isEmpty, let answer = names.answer(query, at: now) else {
        continue
      }
      // An answer that is not taken is lost, as any datagram may be: the resolver asks again.
      _ = unsafe answer.withUnsafeBytes { bytes in
        unsafe bytes.baseAddress.map {
          unsafe clinux_send_datagram(listener.descriptor, $0, bytes.count, &asker, &asked)
        }
      }
    }
    noteNameRefusals()
  }

  /// Connections for questions at the same time.
  static let mostQuestioners = 64

  mutating func acceptQuestioners(_ listener: Listener) throws(SystemError) {
    for _ in 0..<Self.turn {
      guard let socket = acceptOne(from: listener) else { return }
      let serial = nextSerial()
      let questioner = Questioner(socket, at: now)
      // The one that has been quiet for longest makes room.
      if questioners.count >= Self.mostQuestioners,
        let oldest = questioners.min(by: { $0.value.deadline < $1.value.deadline })
      {
        questioners[oldest.key] = nil
      }
      try epoll.add(
        questioner.socket, token: Token.question(serial).raw,
        interest: [.readable, .writable, .changes])
      questioners[serial] = questioner
      nextDeadline = min(nextDeadline, questioner.deadline)
      answer(serial)
    }
  }

  mutating func answer(_ serial: UInt32) {
    guard let questioner = questioners[serial] else { return }
    if !questioner.serve(at: now, { names.answer($0, at: now) }) { questioners[serial] = nil }
    noteNameRefusals()
  }

  mutating func expireQuestioners() {
    for (serial, questioner) in questioners {
      if questioner.deadline <= now {
        questioners[serial] = nil
      } else {
        nextDeadline = min(nextDeadline, questioner.deadline)
      }
    }
  }

  mutating func noteNameRefusals() {
    let refused = names.takeRefusals()
    guard !refused.isEmpty else { return }
    for refusal in refused { refusals.note(refusal, at: now) }
    tellRefusals()
  }
}
