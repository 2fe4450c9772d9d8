/// An array that has one owner, so that writing to it does not ask each time whether it has another.
@safe
struct OwnedArray<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>?
  private var capacity = 0
  private(set) var count = 0

  init() {
    unsafe base = nil
  }

  @inline(__always)
  subscript(_ index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      // Initialised: everything below `count` is, and where there is anything there is an address.
      return unsafe base.unsafelyUnwrapped[index]
    }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      unsafe base.unsafelyUnwrapped[index] = newValue
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    // In bounds: the line above.
    unsafe (base.unsafelyUnwrapped + count).initialize(to: element)
    count &+= 1
  }

  /// Drops the last elements; returns the first of those.
  @inline(__always)
  mutating func cut(to length: Int) -> Element {
    let element = self[length]
    count = length
    return element
  }

  mutating func removeAll() { count = 0 }

  @inline(never)
  private mutating func grow() {
    let larger = max(16, capacity * 2)
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    if let base = unsafe base {
      // Both hold at least `count` elements, which are plain bytes.
      unsafe memory.moveInitialize(from: base, count: count)
      unsafe base.deallocate()
    }
    unsafe base = memory
    capacity = larger
  }

  deinit { unsafe base?.deallocate() }
}
