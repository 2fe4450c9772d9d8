import Kernel

/// Looks into Python virtual environments.
enum VirtualEnvironment {
  /// The interpreter in the directory that pyvenv.cfg calls `home`.
  static func interpreter(in base: String) -> String? {
    guard Path.isAbsolute(base) else { return nil }
    return ["python3", "python"].map { Path.join(base, $0) }.first(where: Look.isExecutable)
  }

  /// `lib/pythonX.Y/site-packages`, where it exists.
  static func sitePackages(_ prefix: String) -> String? {
    let lib = Path.join(prefix, "lib")
    return Look.names(in: lib).map { Path.join(lib, "\($0)/site-packages") }.first(
      where: Files.exists)
  }

  /// Directories outside of the environment that `.pth` files add to its path: projects installed
  /// for editing.
  static func outsidePaths(_ prefix: String) -> [String] {
    guard let packages = sitePackages(prefix) else { return [] }
    return Look.names(in: packages).filter { $0.hasSuffix(".pth") }
      .flatMap { TextFile.lines(Path.join(packages, $0)) }
      .map(TextFile.trimmed)
      .filter { Path.isAbsolute($0) && !Path.isWithin($0, prefix) && Files.exists($0) }
  }

  struct Distribution {
    let name: String
    let version: String
  }

  /// The installed packages, by the names of their `.dist-info` directories.
  static func distributions(_ prefix: String) -> [Distribution] {
    guard let packages = sitePackages(prefix) else { return [] }
    return Look.names(in: packages).filter { $0.hasSuffix(".dist-info") }.compactMap { entry in
      let parts = entry.dropLast(".dist-info".count).split(separator: "-", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return Distribution(name: normalized(String(parts[0])), version: String(parts[1]))
    }
  }

  /// A package's name as PEP 503 compares it.
  static func normalized(_ name: String) -> String {
    var result = ""
    var gap = false
    for character in name.lowercased() {
      if "-_.".contains(character) {
        gap = true
      } else {
        if gap && !result.isEmpty { result.append("-") }
        gap = false
        result.append(character)
      }
    }
    return result
  }
}
