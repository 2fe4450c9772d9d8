import JSON
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

  /// Directories outside of the environment that it loads code from: projects installed for editing,
  /// and what else `.pth` files add to its path.
  static func outsidePaths(_ prefix: String) -> [String] {
    guard let packages = sitePackages(prefix) else { return [] }
    let names = Look.names(in: packages)
    var paths = names.filter { $0.hasSuffix(".pth") }
      .flatMap { TextFile.lines(Path.join(packages, $0)) }
      .map(TextFile.trimmed)
      .filter(Path.isAbsolute)
    for name in names where name.hasSuffix(".dist-info") {
      // A finder in code has no line in a .pth file, but the project is written down (PEP 610).
      let origin = Path.join(packages, "\(name)/direct_url.json")
      if let project = editableProject(origin),
        !paths.contains(where: { Path.isWithin($0, project) })
      {
        paths.append(project)
      }
    }
    return paths.filter { !Path.isWithin($0, prefix) && Files.exists($0) }
  }

  private static func editableProject(_ path: String) -> String? {
    guard let bytes = Look.contents(path, limit: 65_536), let root = parse(bytes),
      root["dir_info"]?["editable"]?.bool == true, let url = root["url"]?.string?.string,
      url.hasPrefix("file:///"), !url.contains("%")
    else { return nil }
    return Path.normalized(String(url.dropFirst("file://".count)))
  }

  private static func parse(_ bytes: [UInt8]) -> JSONNode? {
    do { return try JSONReader.parse(bytes) } catch { return nil }
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
