import Glibc
import Kernel

extension IPAddress {
  /// An address as inet_pton(3) reads it: four decimal numbers, or the forms of RFC 4291, 2.2. Nil
  /// for anything else, an address with a zone included.
  init?(text: some Collection<UInt8>) {
    guard text.count <= 45, !text.contains(0) else { return nil }
    let string = text.map { CChar(bitPattern: $0) } + [0]
    let family = text.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
    // The text ends with a NUL, and the buffer has as many bytes as the family.
    guard unsafe inet_pton(family, string, &bytes) == 1 else { return nil }
    self.init(networkOrder: bytes)
  }
}
