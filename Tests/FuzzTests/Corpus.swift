import Glibc

/// The inputs of a fuzz target as `Tests/FuzzTests/corpus` keeps them: one per line, what is not
/// printable as `\n`, `\\` or `\xNN`. TARGET.txt was written by hand, TARGET-found.txt by the fuzzer.
enum Corpus {
  static func inputs(of target: FuzzTarget) -> [[UInt8]] {
    ["", "-found"].flatMap { kind in
      read("\(folder)/\(target.rawValue)\(kind).txt").split(separator: 0x0A).map(resolved)
    }
  }

  private static func resolved(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
        output.append(byte)
        continue
      }
      switch letter {
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "x"):
        output.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      default: output.append(letter)
      }
    }
    return output
  }

  private static func read(_ path: String) -> [UInt8] {
    guard let file = unsafe fopen(path, "r") else { return [] }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static let folder: String = {
    if let given = unsafe getenv("CORDON_TEST_DATA") {
      return unsafe String(cString: given) + "/fuzz"
    }
    return "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Data/fuzz"
  }()
}
