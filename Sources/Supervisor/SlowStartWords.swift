import Control

/// What is told of a server that does not answer: only what was seen, in plain words.
struct SlowStartWords: Equatable {
  let text: String
  let hint: String?

  /// - Parameters:
  ///   - first: when the relay told of it, and `second` a moment later.
  ///   - interval: nanoseconds between the two.
  ///   - words: its last line that shows a symptom, made visible; nil where there is none.
  ///   - hasEgress: it may connect to something.
  init(
    _ start: SlowStart, _ first: ServerActivity.Sample, _ second: ServerActivity.Sample,
    interval: UInt64, words: String?, hasEgress: Bool
  ) {
    var facts: [String] = []
    let isBusy = Self.isBusy(first, second, interval)
    if let total = second.processorTime {
      let state = isBusy ? "it is running" : "it is waiting"
      let count = second.processes.map { $0 == 1 ? ", 1 process" : ", \($0) processes" } ?? ""
      facts.append("\(state) (\(Self.seconds(total)) of processor time so far\(count))")
    }
    if start.unread > 0 {
      facts.append("it has not read \(start.unread) bytes of what it was sent")
    }
    if let bytes = second.unwritten, bytes >= 1 << 20, bytes > first.unwritten ?? 0 {
      facts.append("it is writing files (\(bytes >> 20) MiB not on the disk yet)")
    }
    facts.append(Self.written(start))
    text = "no answer for \(start.seconds) s: " + facts.joined(separator: "; ")
    if let symptom = start.lastWords?.symptom {
      hint = (words.map { "it said: \($0); " } ?? "") + "\(symptom.layer); \(symptom.hint)"
    } else if !isBusy {
      // Every sandbox has its own network, in which there is only itself and what is granted.
      hint =
        hasEgress
        ? "only what is granted of the network can be reached: what was refused is told here"
        : "it has no network: what it waits for from there does not come without --allow HOST:PORT"
    } else {
      hint = nil
    }
  }

  /// A twentieth of a processor is more than a program needs that only waits.
  private static func isBusy(
    _ first: ServerActivity.Sample, _ second: ServerActivity.Sample, _ interval: UInt64
  ) -> Bool {
    guard let before = first.processorTime, let after = second.processorTime else { return false }
    return after > before && (after - before) * 20 >= interval
  }

  private static func written(_ start: SlowStart) -> String {
    switch (start.standardError, start.output) {
    case (0, 0): "it has written nothing"
    case (let bytes, 0): "it has written \(bytes) bytes to standard error"
    case (0, let bytes): "it has written \(bytes) bytes, and no answer among them"
    case (let log, let bytes):
      "it has written \(log) bytes to standard error, and \(bytes) that hold no answer"
    }
  }

  private static func seconds(_ nanoseconds: UInt64) -> String {
    let hundredths = nanoseconds / 10_000_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}
