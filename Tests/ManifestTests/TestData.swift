import Glibc

/// The vectors beside the tests, or where `CORDON_TEST_DATA` says.
enum TestData {
  static func files(in folder: String) -> [String] {
    guard let directory = unsafe opendir("\(root)/\(folder)") else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen("\(root)/\(path)", "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }

  fileprivate static let root: String = {
    if let given = unsafe getenv("CORDON_TEST_DATA") { return unsafe String(cString: given) }
    let here = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(here)/Data"
  }()
}

extension TestData {
  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = unsafe fopen("\(root)/\(path)", "w") else { throw WriteError() }
    defer { unsafe fclose(file) }
    guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw WriteError() }
  }

  private struct WriteError: Error {}
}
