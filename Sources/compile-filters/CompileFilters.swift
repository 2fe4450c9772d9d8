import FilterCompiler
import Glibc

/// Writes a Swift file with every filter compiled for every architecture.
@main
struct CompileFilters {
  static func main() {
    guard CommandLine.arguments.count == 2 else {
      print("usage: compile-filters OUTPUT")
      exit(64)
    }
    do {
      try write(source(), to: CommandLine.arguments[1])
    } catch {
      print("compile-filters: error: \(error)")
      exit(70)
    }
  }

  static func source() throws(FilterError) -> String {
    var text =
      "// Compiled by compile-filters from Sources/FilterCompiler.\n\nenum CompiledFilters {\n"
    for (index, architecture) in Architecture.allCases.enumerated() {
      text += "  #\(index == 0 ? "if" : "elseif") arch(\(architecture.swiftName))\n"
      for filter in Filter.all {
        text += "    static let \(filter.name): [UInt64] = [\n"
        for word in try filter.compile(for: architecture) {
          text += "      0x\(String(word, radix: 16)),\n"
        }
        text += "    ]\n"
      }
    }
    return text + "  #endif\n}\n"
  }

  static func write(_ text: String, to path: String) throws(FilterError) {
    guard let file = unsafe fopen(path, "w") else { throw .step("fopen", errno: errno) }
    let written = unsafe fputs(text, file)
    guard unsafe fclose(file) == 0, written >= 0 else { throw .step("write", errno: errno) }
  }
}
