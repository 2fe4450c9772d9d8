import Glibc
import Kernel

/// One of the process's first three descriptors, which Cordon did not open and never closes.
enum StandardStream {
  /// Writes everything; the error of the first write that failed otherwise than by a signal.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Errno? {
    var rest = bytes[...]
    while !rest.isEmpty {
      do throws(SystemError) {
        // The slice outlives the call, which only reads it.
        let count = try check("write", "descriptor \(descriptor)") {
          unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
        rest = rest.dropFirst(count)
      } catch {
        return error.errno
      }
    }
    return nil
  }
}
