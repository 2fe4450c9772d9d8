/// TLS as a client would write it, for the tests.
enum TLSBytes {
  static func vector(_ width: Int, _ content: [UInt8]) -> [UInt8] {
    number(width, content.count) + content
  }

  static func number(_ width: Int, _ value: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
  }

  static func field(_ type: Int, _ content: [UInt8] = []) -> [UInt8] {
    number(2, type) + vector(2, content)
  }

  /// The extension with these names, each with its type.
  static func serverName(_ names: (type: UInt8, text: String)...) -> [UInt8] {
    field(0, vector(2, names.flatMap { [$0.type] + vector(2, Array($0.text.utf8)) }))
  }

  static func hello(
    _ extensions: [UInt8]?, version: Int = 0x0303, session: Int = 32, trailing: [UInt8] = []
  ) -> [UInt8] {
    let body =
      number(2, version) + [UInt8](repeating: 7, count: 32)
      + vector(1, [UInt8](repeating: 9, count: session)) + vector(2, [0x13, 0x01, 0xC0, 0x2F])
      + vector(1, [0]) + (extensions.map { vector(2, $0) } ?? []) + trailing
    return [1] + vector(3, body)
  }

  static func hello(for name: String) -> [UInt8] {
    hello(
      field(0x2A2A, [0]) + serverName((0, name)) + field(43, vector(1, [3, 4, 3, 3]))
        + field(51, vector(2, [UInt8](repeating: 3, count: 1220))))
  }

  static func record(_ content: [UInt8], type: UInt8 = 22) -> [UInt8] {
    [type, 3, 1] + vector(2, content)
  }

  /// The same message over records of so many bytes.
  static func records(_ message: [UInt8], of size: Int) -> [UInt8] {
    stride(from: 0, to: message.count, by: size).flatMap {
      record(Array(message[$0..<min($0 + size, message.count)]))
    }
  }

  static func serverHello(random: [UInt8]) -> [UInt8] {
    record([2] + vector(3, [3, 3] + random + [0, 0x13, 0x01, 0, 0, 0]))
  }

  static let retry = serverHello(random: [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ])
}
