import Glibc

/// Lends an array of strings as C strings with a null pointer behind the last.
///
/// A string is cut at a NUL, which no caller lets through.
public func withCStrings<Result, Failure: Error>(
  _ strings: [String],
  _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws(Failure) -> Result
) throws(Failure) -> Result {
  try unsafe withCStrings(strings.map { Array($0.utf8) }, body)
}

/// The same for values that need not be UTF-8.
public func withCStrings<Result, Failure: Error>(
  _ strings: [[UInt8]],
  _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws(Failure) -> Result
) throws(Failure) -> Result {
  // One block of memory holds all of them, and lives until the body returns.
  var storage: [CChar] = []
  var offsets: [Int] = []
  for string in strings {
    offsets.append(storage.count)
    storage += string.map { CChar(bitPattern: $0) } + [0]
  }
  let base = UnsafeMutableBufferPointer<CChar>.allocate(capacity: max(storage.count, 1))
  defer { unsafe base.deallocate() }
  _ = unsafe base.initialize(from: storage)
  let pointers = UnsafeMutableBufferPointer<UnsafePointer<CChar>?>.allocate(
    capacity: strings.count + 1)
  defer { unsafe pointers.deallocate() }
  for (index, offset) in offsets.enumerated() {
    unsafe pointers.initializeElement(
      at: index, to: base.baseAddress.map { unsafe UnsafePointer($0 + offset) })
  }
  unsafe pointers.initializeElement(at: strings.count, to: nil)
  guard let first = pointers.baseAddress else { preconditionFailure("empty allocation") }
  return try unsafe body(UnsafePointer(first))
}
