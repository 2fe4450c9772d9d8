import Kernel

/// The system's file of host names (hosts(5)), which is asked before the name service. It is gone
/// through once: there are machines with long lists of names to block.
struct HostsFile {
  /// Bytes.
  static let longest = 32 << 20

  private let file: [UInt8]
  /// Of each name that a line has, its hash in the upper half and where the line begins in the lower;
  /// sorted.
  private let index: [UInt64]

  init(_ file: [UInt8]) {
    self.file = file
    var index: [UInt64] = []
    var start = 0
    while start < file.count {
      let end = file[start...].firstIndex(of: UInt8(ascii: "\n")) ?? file.endIndex
      for name in Self.words(of: file[start..<end]).dropFirst() {
        index.append(Self.hash(Self.plain(name)) << 32 | UInt64(start))
      }
      start = end + 1
    }
    self.index = index.sorted()
  }

  /// The addresses of a name, as the file has them.
  ///
  /// - Parameter name: in lower case. A line's names count in any case.
  func addresses(of name: [UInt8]) -> [IPAddress] {
    let hash = Self.hash(name[...])
    var addresses: [IPAddress] = []
    var place = firstPlace(of: hash)
    while place < index.count, index[place] >> 32 == hash {
      let line = file[Int(index[place] & 0xFFFF_FFFF)...].prefix { $0 != UInt8(ascii: "\n") }
      place += 1
      let words = Self.words(of: line)
      guard let first = words.first, words.dropFirst().contains(where: { Self.isSame($0, name) }),
        let address = IPAddress(text: first), !addresses.contains(address)
      else { continue }
      addresses.append(address)
    }
    return addresses
  }

  /// Where the hash's lines begin in the index, or would.
  private func firstPlace(of hash: UInt64) -> Int {
    var low = 0
    var high = index.count
    while low < high {
      let middle = (low + high) / 2
      if index[middle] >> 32 < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func words(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    line.prefix { $0 != UInt8(ascii: "#") }
      .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 0x0D }
  }

  /// FNV-1a of 32 bits: the file's owner has no reason to make names meet, and those that do are
  /// compared.
  private static func hash(_ name: ArraySlice<UInt8>) -> UInt64 {
    let hash = name.reduce(0x811C_9DC5 as UInt32) {
      ($0 ^ UInt32(NameReader.lowered($1))) &* 0x0100_0193
    }
    return UInt64(hash)
  }

  /// Without the dot that ends a full name.
  private static func plain(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    word.last == UInt8(ascii: ".") ? word.dropLast() : word
  }

  private static func isSame(_ word: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
    let word = plain(word)
    return word.count == name.count && zip(word, name).allSatisfy { NameReader.lowered($0) == $1 }
  }
}
