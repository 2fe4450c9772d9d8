import Kernel

/// What a program or library says about what it is loaded with: its loader, the libraries that it
/// needs, and where to look for them. 64-bit little-endian ELF, as on every architecture of ours.
struct DynamicObject: Equatable {
  var loader: String?
  var needed: [String] = []
  var searchPath: [String] = []

  static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

  enum Failure: Error {
    case malformed
    case system(SystemError)
  }

  /// Whether this machine can execute it: the class, order and machine of the running program.
  static func isNative(_ header: [UInt8]) throws(SystemError) -> Bool {
    guard header.count >= 20, header.starts(with: magic) else { return false }
    let own = try FileStart("/proc/self/exe").bytes(0, 20)
    guard own.count == 20 else { return false }
    return header[4..<6] == own[4..<6] && header[18..<20] == own[18..<20]
  }

  static func read(_ path: String) throws(Failure) -> DynamicObject {
    do throws(SystemError) {
      let file = try FileStart(path)
      let header = try file.bytes(0, 64)
      guard let table = number(header, 32, 8), let count = number(header, 56, 2),
        number(header, 54, 2) == 56, count <= 128
      else { return DynamicObject() }
      let segments = try file.bytes(table, count * 56)
      return try parse(file, Segments(segments))
    } catch {
      throw .system(error)
    }
  }

  private static func parse(
    _ file: borrowing FileStart, _ segments: Segments
  ) throws(SystemError) -> DynamicObject {
    var object = DynamicObject()
    if let interpreter = segments.first(of: 3) {  // PT_INTERP
      object.loader = try text(file, interpreter.offset, limit: interpreter.size)
    }
    guard let dynamic = segments.first(of: 2) else { return object }  // PT_DYNAMIC
    let entries = try file.bytes(dynamic.offset, min(dynamic.size, 65_536))
    var names: [(tag: Int, offset: Int)] = []
    var strings: Int?
    for start in stride(from: 0, to: entries.count - 15, by: 16) {
      guard let tag = number(entries, start, 8), let value = number(entries, start + 8, 8) else {
        continue
      }
      switch tag {
      case 1, 15, 29: names.append((tag, value))  // DT_NEEDED, DT_RPATH, DT_RUNPATH
      case 5: strings = segments.offset(of: value)  // DT_STRTAB
      default: continue
      }
    }
    guard let strings else { return object }
    // A RUNPATH makes the loader ignore a RPATH.
    let path = names.contains { $0.tag == 29 } ? 29 : 15
    for (tag, offset) in names {
      let name = try text(file, strings + offset, limit: 4096)
      if tag == 1 { object.needed.append(name) }
      if tag == path {
        object.searchPath += name.split(separator: ":").map(String.init)
      }
    }
    return object
  }

  private static func text(
    _ file: borrowing FileStart, _ offset: Int, limit: Int
  ) throws(SystemError) -> String {
    let bytes = try file.bytes(offset, min(limit, 4096))
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private struct Segments {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func first(of type: Int) -> (offset: Int, size: Int)? {
      for start in stride(from: 0, to: bytes.count - 55, by: 56)
      where number(bytes, start, 4) == type {
        guard let offset = number(bytes, start + 8, 8), let size = number(bytes, start + 32, 8)
        else { return nil }
        return (offset, size)
      }
      return nil
    }

    /// Where an address of the loaded object lies in the file.
    func offset(of address: Int) -> Int? {
      for start in stride(from: 0, to: bytes.count - 55, by: 56)
      where number(bytes, start, 4) == 1 {  // PT_LOAD
        guard let offset = number(bytes, start + 8, 8), let base = number(bytes, start + 16, 8),
          let size = number(bytes, start + 32, 8)
        else { continue }
        if address >= base, address - base < size { return offset + (address - base) }
      }
      return nil
    }
  }
}

/// A little-endian number of `width` bytes; nil past the end or past what an offset can be.
private func number(_ bytes: [UInt8], _ start: Int, _ width: Int) -> Int? {
  guard start + width <= bytes.count else { return nil }
  var value: UInt64 = 0
  for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[start + index]) }
  return value < 1 << 48 ? Int(value) : nil
}
