import Glibc

/// The two clocks that are used: one to measure with, one to date with.
public enum Clock {
  /// Nanoseconds since an arbitrary moment; never set back.
  public static func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Processor time that a process has used, all its threads together; nil where there is none, or
  /// none that may be asked.
  public static func processorNanoseconds(of pid: Int32) -> UInt64? {
    // Linux numbers no process higher, and a clock's name has no room for more.
    guard pid > 0, pid <= 1 << 22 else { return nil }
    // As clock_getcpuclockid(3) makes it, which would look whether the process may be asked first.
    let clock = clockid_t((~pid << 3) | 2)
    var time = timespec()
    guard unsafe clock_gettime(clock, &time) == 0 else { return nil }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  public static func realTime() -> (seconds: Int64, nanoseconds: Int64) {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return (Int64(time.tv_sec), Int64(time.tv_nsec))
  }

  /// Now in UTC to the millisecond, RFC 3339: `2026-03-01T08:15:30.250Z`.
  public static func timestamp() -> String {
    let now = realTime()
    let date = civilDate(daysSinceEpoch: now.seconds / 86_400)
    let second = now.seconds % 86_400
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
      + time.joined(separator: ":") + ".\(padded(now.nanoseconds / 1_000_000, 3))Z"
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01, for days from then on.
  ///
  /// Years are counted from March, so that the leap day is a year's last.
  static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let days = daysSinceEpoch + 719_468  // from 0000-03-01
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }
}
