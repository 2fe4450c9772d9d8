import PackagePlugin

/// Compiles the system call filters through libseccomp while the package is built.
@main
struct CompileFilters: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let output = context.pluginWorkDirectoryURL.appending(path: "CompiledFilters.swift")
    return [
      .buildCommand(
        displayName: "Compiling the system call filters",
        executable: try context.tool(named: "compile-filters").url,
        arguments: [output.path(percentEncoded: false)],
        inputFiles: [], outputFiles: [output])
    ]
  }
}
