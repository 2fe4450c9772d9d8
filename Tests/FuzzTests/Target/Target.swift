import Glibc

/// libFuzzer's entry: a broken promise ends the process, which makes the input a finding.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // libFuzzer lends `count` bytes for the call.
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard let broken = target.check(input) else { return 0 }
  say("broken promise of \(target.rawValue): \(broken)")
  abort()
}

/// Which of them this process feeds, from the environment: libFuzzer owns the arguments.
private let target: FuzzTarget = {
  let name = unsafe getenv("CORDON_FUZZ").map { unsafe String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    say("CORDON_FUZZ must be one of \(names)")
    exit(2)
  }
  return target
}()

private func say(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = unsafe write(STDERR_FILENO, line, line.count)
}
