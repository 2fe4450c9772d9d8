import Kernel

/// The system's file of host names (hosts(5)), which is asked before the name service.
enum HostsFile {
  /// Bytes: there are machines with long lists of names to block.
  static let longest = 32 << 20

  /// The addresses of a name, as the file has them.
  ///
  /// - Parameter name: in lower case. A line's names count in any case.
  static func addresses(of name: [UInt8], in file: [UInt8]) -> [IPAddress] {
    var addresses: [IPAddress] = []
    for line in file.split(separator: UInt8(ascii: "\n")) where line.count > name.count {
      let content = line.prefix { $0 != UInt8(ascii: "#") }
      let words = content.split { [UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0D].contains($0) }
      guard let first = words.first, words.dropFirst().contains(where: { isSame($0, name) }),
        let address = IPAddress(text: first), !addresses.contains(address)
      else { continue }
      addresses.append(address)
    }
    return addresses
  }

  private static func isSame(_ word: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
    let word = word.last == UInt8(ascii: ".") ? word.dropLast() : word
    return word.count == name.count && zip(word, name).allSatisfy { NameReader.lowered($0) == $1 }
  }
}
