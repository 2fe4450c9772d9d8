import CLinux
import Glibc
import Kernel
import Sandbox

/// What can be seen of a server's processes from outside, without a way to any of them: the counters
/// of its cgroup, or a list of the first process's children that was opened in time, and the kernel's
/// clocks of processor time.
final class ServerActivity {
  struct Sample: Equatable {
    /// Processes, where all of them are known.
    var processes: Int?
    /// Nanoseconds of processor time, of those that live.
    var processorTime: UInt64?
    /// Bytes that were written to files and are not on the disk yet.
    var unwritten: UInt64?
  }

  private let groups: [ControlGroupPlan.Group]
  /// −1 where there is none.
  private let children: Int32

  /// Call before the supervisor confines itself: later it opens nothing outside its stores.
  ///
  /// - Parameter stage: the sandbox's first process.
  init(stage: Int32, _ groups: ControlGroups?) {
    self.groups = groups?.plan.groups ?? []
    guard self.groups.isEmpty else {
      children = -1
      return
    }
    do throws(SystemError) {
      children = try Files.open("/proc/\(stage)/task/\(stage)/children", flags: O_RDONLY)
        .release()
    } catch {
      // No /proc, or a kernel without such lists: then nothing is told of it.
      children = -1
    }
  }

  deinit {
    if children >= 0 { close(children) }
  }

  func sample() -> Sample {
    var sample = Sample()
    if let group = groups.first {
      let pids = Self.numbers(Self.text("\(group.path)/cgroup.procs"))
      // The stage is one of them.
      sample.processes = pids.isEmpty ? nil : max(0, pids.count - 1)
      sample.processorTime = Self.processorTime(of: pids)
    } else {
      sample.processorTime = Self.processorTime(of: Self.numbers(Self.text(children)))
    }
    for group in groups where group.limits.contains(.memory) {
      let word = group.version == .two ? "file_dirty" : "total_dirty"
      sample.unwritten = Self.counter(word, Self.text("\(group.path)/memory.stat"))
    }
    return sample
  }

  private static func processorTime(of pids: [Int32]) -> UInt64? {
    let times = pids.compactMap { Clock.processorNanoseconds(of: $0) }
    return times.isEmpty ? nil : times.reduce(0, +)
  }

  private static func text(_ path: String) -> [UInt8] {
    do throws(SystemError) {
      return try Files.read(path, limit: 64 << 10)
    } catch {
      // What cannot be read is not told.
      return []
    }
  }

  /// A file that is open, from its beginning.
  private static func text(_ descriptor: Int32) -> [UInt8] {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    return Array(bytes.prefix(max(0, count)))
  }

  private static func numbers(_ text: [UInt8]) -> [Int32] {
    text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: " ") }
      .compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
  }

  private static func counter(_ word: String, _ text: [UInt8]) -> UInt64? {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "))
      guard parts.count == 2, parts[0].elementsEqual(word.utf8) else { continue }
      return UInt64(String(decoding: parts[1], as: UTF8.self))
    }
    return nil
  }
}
