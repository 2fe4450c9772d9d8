/// A tool that starts a package by its name: what it starts is in no file that the command names.
struct PackageRunner: Sendable {
  /// Where packages come from, which decides what names one exactly.
  enum Source: Sendable { case npm, python, image, deno, go }

  let names: [String]
  /// The words that ask the tool to start something, each alternative in full; one of none for a tool
  /// that does nothing else.
  let verbs: [[String]]
  /// Options that name a package.
  let packages: [String]
  /// Options that take the next word.
  let valued: [String]
  let source: Source
  /// Instead of `valued`: the options that take none, where the others are too many to name.
  let flags: [String]?

  private init(
    _ names: [String], _ verbs: [[String]] = [[]], packages: [String] = [], valued: [String] = [],
    flags: [String]? = nil, from source: Source
  ) {
    self.names = names
    self.verbs = verbs
    self.packages = packages
    self.valued = valued
    self.flags = flags
    self.source = source
  }

  static let all = [
    PackageRunner(
      ["npx", "bunx", "pnpx"], packages: ["-p", "--package"],
      valued: ["-c", "--call", "--cache", "--registry", "--prefix"], from: .npm),
    PackageRunner(
      ["npm", "pnpm", "yarn", "bun"], [["exec"], ["x"], ["dlx"]], packages: ["-p", "--package"],
      valued: ["-c", "--call", "--cache", "--registry", "--prefix"], from: .npm),
    PackageRunner(
      ["uvx"], packages: ["--from", "--with", "-w"], valued: uvOptions, from: .python),
    PackageRunner(
      ["uv"], [["tool", "run"]], packages: ["--from", "--with", "-w"], valued: uvOptions,
      from: .python),
    PackageRunner(
      ["pipx"], [["run"]], packages: ["--spec"],
      valued: ["--python", "--index-url", "-i", "--pip-args"], from: .python),
    PackageRunner(
      ["docker", "podman", "nerdctl"], [["run"], ["container", "run"], ["create"]],
      flags: [
        "-i", "-t", "-d", "-P", "-q", "-it", "-ti", "-id", "-itd", "-dit", "--interactive", "--tty",
        "--detach", "--rm", "--init", "--privileged", "--read-only", "--publish-all", "--quiet",
        "--no-healthcheck", "--oom-kill-disable", "--sig-proxy", "--disable-content-trust",
        "--replace", "--rmi",
      ], from: .image),
    PackageRunner(["deno"], [["run"], ["x"], []], from: .deno),
    PackageRunner(["dx"], from: .deno),
    PackageRunner(["go"], [["run"]], valued: ["-C", "-exec", "-mod", "-tags"], from: .go),
  ]

  private static let uvOptions = [
    "--python", "-p", "--directory", "--project", "--index", "--default-index", "--index-url", "-i",
    "--extra-index-url", "--color", "--python-preference", "--cache-dir", "--env-file",
  ]

  /// The packages that a call starts; nil where it is another tool's, or asks for something else.
  func call(_ name: String, _ words: ArraySlice<String>) -> [String]? {
    guard names.containsPath(name),
      let verb = verbs.first(where: { words.starts(with: $0) })
    else { return nil }
    var rest = words.dropFirst(verb.count)
    var named: [String] = []
    while let word = rest.first, word.hasPrefix("-") {
      rest = rest.dropFirst()
      if word == "--" { break }
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      let option = parts.first ?? word
      if packages.contains(option) {
        named += parts.count == 2 ? [parts[1]] : rest.prefix(1)
        if parts.count == 1 { rest = rest.dropFirst() }
      } else if parts.count < 2, flags.map({ !$0.contains(word) }) ?? valued.contains(word) {
        rest = rest.dropFirst()
      }
    }
    // Where an option names the package, the first word is a command of it.
    let replaces = packages.contains { ["--from", "--package", "--spec"].contains($0) }
    let isNamed =
      replaces
      && words.contains { word in
        ["--from", "-p", "--package", "--spec"].contains { option in
          packages.contains(option) && (word == option || word.hasPrefix(option + "="))
        }
      }
    if !isNamed, let first = rest.first { named.append(first) }
    return named.filter(isFetched)
  }

  /// A file of the machine is pinned like any other.
  private func isFetched(_ package: String) -> Bool {
    let isFile =
      ["/", "./", "../", "~", "file:"].contains { package.hasPrefix($0) } || package == "."
    switch source {
    case .npm, .python, .image: return !isFile
    case .deno: return ["npm:", "jsr:", "http:", "https:"].contains { package.hasPrefix($0) }
    case .go: return !isFile && package.split(separator: "/").first?.contains(".") == true
    }
  }
}

/// What names a package exactly.
extension PackageRunner {
  func isFixed(_ package: String) -> Bool {
    switch source {
    case .image:
      return package.contains("@sha256:")
    case .npm, .deno:
      guard !isAddress(package) else { return hasCommit(package) }
      return version(of: package, after: "@").map(Self.isRelease) ?? false
    case .python:
      guard !isAddress(package) else { return hasCommit(package) }
      let version = version(of: package, after: "==") ?? version(of: package, after: "@")
      return version.map(Self.isNumbered) ?? false
    case .go:
      return version(of: package, after: "@v").map(Self.isRelease) ?? false
    }
  }

  func sentence(_ package: String) -> String {
    switch source {
    case .image:
      return "the container image \(package) has no fixed digest: the registry decides at each "
        + "start what its code is"
    case .npm, .python, .deno, .go:
      return "the package \(package) has no fixed version: its code is what was fetched last, and "
        + "changes without a question"
    }
  }

  private func isAddress(_ package: String) -> Bool {
    ["git+", "git:", "http:", "https:", "github:"].contains { package.contains($0) }
  }

  /// A whole commit's name after the last `#` or `@`.
  private func hasCommit(_ package: String) -> Bool {
    let end = package.utf8.split { "#@".utf8.contains($0) }.last ?? []
    return end.count == 40 && end.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// What follows the last separator; the `@` of a scope is none.
  private func version(of package: String, after separator: String) -> Substring? {
    let start = package.utf8.first == UInt8(ascii: "@") ? 1 : 0
    let text = package[package.index(package.startIndex, offsetBy: start)...]
    return text.ranges(of: separator).last.map { text[$0.upperBound...] }
  }

  /// `1.2.3`, with whatever follows a `-` or a `+`: fewer numbers are a range.
  private static func isRelease(_ version: Substring) -> Bool {
    let core = version.prefix { $0 != "-" && $0 != "+" }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 3 && numbers.allSatisfy { isNumber($0) }
  }

  /// `1`, `1.2`, `1.2.3rc1`: of Python packages each is one version.
  private static func isNumbered(_ version: Substring) -> Bool {
    guard let first = version.utf8.first, (0x30...0x39).contains(first) else { return false }
    return version.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || ".+!".utf8.contains(byte)
    }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
