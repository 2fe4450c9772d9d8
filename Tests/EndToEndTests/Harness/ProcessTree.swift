import Foundation

/// One process, told from a later one with the same number by its start time.
struct ProcessMark: Hashable, Sendable, CustomStringConvertible {
  let pid: Int
  let started: Int
  let name: String

  var description: String { "\(name) (\(pid))" }

  /// Whether the process is still there; a zombie that its parent has yet to collect is not.
  var isAlive: Bool {
    guard let now = ProcessTree.read(pid) else { return false }
    return now.mark.started == started && now.state != "Z" && now.state != "X"
  }
}

enum ProcessTree {
  struct Entry {
    let mark: ProcessMark
    let parent: Int
    let state: String
  }

  /// nil: there is no such process.
  static func read(_ pid: Int) -> Entry? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    guard fields.count > 19, let parent = Int(fields[1]), let started = Int(fields[19]) else {
      return nil
    }
    let name = String(stat[stat.index(after: open)..<close])
    return Entry(
      mark: ProcessMark(pid: pid, started: started, name: name), parent: parent,
      state: String(fields[0]))
  }

  /// The process and everything below it, as the kernel tells it now.
  static func below(_ root: Int) -> [ProcessMark] {
    let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
      .compactMap { Int($0) }.compactMap { read($0) }
    let children = Dictionary(grouping: all) { $0.parent }
    var found: [ProcessMark] = []
    var waiting = all.filter { $0.mark.pid == root }
    while let next = waiting.popLast() {
      found.append(next.mark)
      waiting += children[next.mark.pid] ?? []
    }
    return found
  }

  /// The ones of `marks` that are still alive when `seconds` are over, or none as soon as all ended.
  static func survivors(_ marks: [ProcessMark], within seconds: Double) -> [ProcessMark] {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let alive = marks.filter(\.isAlive)
      if alive.isEmpty || ContinuousClock.now > deadline { return alive }
      usleep(1000)
    }
  }

  /// The mounts of this process's namespace that belong to a sandbox.
  static func mounts(mentioning words: [String]) -> [String] {
    ((try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? "")
      .split(separator: "\n").map(String.init)
      .filter { line in words.contains { line.contains($0) } }
  }

  /// Processor time that a process has used, in hundredths of a second.
  static func ticks(_ pid: Int) -> Int? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let close = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
      return nil
    }
    return user + system
  }

  static func niceness(_ pid: Int) -> Int? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let close = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: close)...].split(separator: " ")
    return fields.count > 16 ? Int(fields[16]) : nil
  }

  /// A member of /proc/PID/status, such as `PPid` or `Uid`.
  static func status(_ pid: Int, _ key: String) -> String? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else {
      return nil
    }
    return text.split(separator: "\n").first { $0.hasPrefix(key + ":") }
      .map { $0.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces) }
  }
}
