import Glibc

/// Scans each file that is named as the relay would, 15 times, and prints nanoseconds of processor
/// time: one line for each time, those of a file together. Built with the sources of `JSON`.
@main
enum Scan {
  static func main() throws {
    for path in CommandLine.arguments.dropFirst() {
      let document = read(path)
      for round in 0..<16 {
        let start = now()
        let outline = try JSONOutline.scan(document)
        let time = now() - start
        guard outline.kind == .object, !outline.members.isEmpty else { exit(1) }
        // The first one pays for memory that is touched for the first time.
        if round > 0 { print(time) }
      }
    }
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private static func read(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY)
    let size = Int(lseek(file, 0, SEEK_END))
    lseek(file, 0, SEEK_SET)
    return unsafe Array(unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let base = buffer.baseAddress {
        let more = unsafe Glibc.read(file, base + count, size - count)
        guard more > 0 else { exit(1) }
        count += more
      }
    }
  }
}
