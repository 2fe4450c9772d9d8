import FilterCompiler

#if canImport(Glibc)
  import Glibc
#endif

@main
struct CompileFilters {
  static func main() {
    let file = unsafe fopen(CommandLine.arguments[1], "w")
    if let file = unsafe file {
      unsafe fputs("// Nothing compiled yet.\n", file)
      unsafe fclose(file)
    }
  }
}
