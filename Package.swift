// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Generic code of the lower floors is made anew for its callers: a message passes many modules.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  // A generic type is asked for by calling its accessor, not by parsing its mangled name: a launch
  // needs hundreds of them, once each, in four processes.
  .unsafeFlags(
    ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"],
    .when(configuration: .release)),
]

func library(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict,
    plugins: plugins)
}

func tests(
  _ subject: String, _ others: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(subject)Tests", dependencies: [.byName(name: subject)] + others, exclude: exclude,
    swiftSettings: strict)
}

/// What the entries of the fuzzer, which the tests replay, drive.
let fuzzed: [Target.Dependency] = [
  "Relay", "Egress", "Manifest", "Credentials", "MCP", "Control", "JSON", "Kernel", "Digest",
  "PlainJSON",
]

// A floor imports only floors below it; floor 0 is C and the system's libraries.
let package = Package(
  name: "cordon",
  products: [.executable(name: "cordon", targets: ["cordon"])],
  targets: [
    // Floor 6
    .executableTarget(
      name: "cordon", dependencies: ["Commands"], swiftSettings: strict,
      linkerSettings: [
        // One static file: it starts in a fraction of a millisecond and can be copied anywhere.
        .unsafeFlags(["-static-executable", "-Xlinker", "-s"], .when(configuration: .release))
      ]),
    // Floor 5
    library(
      "Commands",
      [
        "Supervisor", "Relay", "Sandbox", "Egress", "Manifest", "Audit", "Credentials", "Profile",
        "Control", "SystemCallFilter", "Confinement", "JSON", "Kernel", "Digest", "CLinux",
      ]),
    // Floor 4
    library(
      "Supervisor",
      [
        "Sandbox", "Manifest", "Audit", "Credentials", "Profile", "Control", "SystemCallFilter",
        "Confinement", "JSON", "Kernel", "Digest", "CLinux",
      ]),
    library(
      "Relay",
      [
        "Manifest", "Credentials", "MCP", "Control", "SystemCallFilter", "Confinement", "JSON",
        "Kernel", "Digest", "CLinux",
      ], exclude: ["MESSAGES.md"]),
    // Floor 3
    library(
      "Sandbox",
      [
        "Profile", "SystemCallFilter", "Confinement", "Control", "JSON", "Kernel", "Digest",
        "CLinux",
      ]),
    library(
      "Egress", ["Control", "Confinement", "SystemCallFilter", "Kernel", "CLinux", "CCares"]),
    library("Manifest", ["Profile", "JSON", "Digest", "Kernel"]),
    library("Credentials", ["Kernel"]),
    library("Audit", ["JSON", "Digest", "Kernel"]),
    // Floor 2
    library("Profile", ["JSON", "Kernel", "CPSL", "CIDN"]),
    library("MCP", ["JSON"]),
    library("Control", ["Kernel", "Digest"]),
    library("Confinement", ["Kernel", "CLinux", "CCap"]),
    library(
      "SystemCallFilter", ["FilterCompiler", "Kernel", "CLinux"], plugins: ["CompileFilters"]),
    // Floor 1
    library("FilterCompiler", ["CSeccomp", "CLinux"]),
    library("JSON", ["CLinux"]),
    library("Kernel", ["CLinux"]),
    library("Digest", ["CCrypto"]),
    // Floor 0
    .target(
      name: "CLinux",
      cSettings: [
        .define("_GNU_SOURCE"),
        .unsafeFlags(["-std=c17", "-Wall", "-Wextra", "-Werror"]),
      ]),
    .systemLibrary(name: "CSeccomp", providers: [.apt(["libseccomp-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCap", providers: [.apt(["libcap-dev"])]),
    .systemLibrary(name: "CCares", providers: [.apt(["libc-ares-dev"])]),
    .systemLibrary(
      name: "CPSL", providers: [.apt(["libpsl-dev", "libidn2-dev", "libunistring-dev"])]),
    .systemLibrary(name: "CIDN", providers: [.apt(["libidn2-dev", "libunistring-dev"])]),
    // Build time
    .executableTarget(
      name: "compile-filters", dependencies: ["FilterCompiler"], swiftSettings: strict),
    .plugin(
      name: "CompileFilters", capability: .buildTool(), dependencies: ["compile-filters"]),
    // Tests
    .target(
      name: "CProbes", path: "Tests/CProbes",
      cSettings: [
        .define("_GNU_SOURCE"),
        .unsafeFlags(["-std=c17", "-Wall", "-Wextra", "-Werror"]),
      ]),
    .target(
      name: "Schemas", dependencies: ["MCP", "JSON"], path: "Tests/Schemas", swiftSettings: strict),
    // The rules of JSON once more, as plainly as possible: what the scanner is compared with.
    .target(
      name: "PlainJSON", dependencies: ["JSON"], path: "Tests/PlainJSON", swiftSettings: strict),
    tests("JSON", ["PlainJSON"]),
    tests("MCP", ["Schemas", "JSON"]),
    tests("Kernel"),
    tests("Control", ["Kernel"]),
    tests("Egress", ["Control", "Kernel", "CLinux"]),
    tests("Confinement", ["Kernel", "CLinux"]),
    tests("Profile", ["JSON", "Kernel"]),
    tests("Digest"),
    tests("Manifest", ["JSON", "Digest", "Kernel"]),
    tests("Credentials", ["Kernel"]),
    tests("Audit", ["JSON", "Credentials", "Kernel"]),
    tests("SystemCallFilter", ["FilterCompiler", "CProbes", "Kernel"]),
    tests(
      "Sandbox",
      [
        "Profile", "Control", "Confinement", "SystemCallFilter", "Kernel", "CLinux", "CProbes",
      ]),
    tests(
      "Supervisor",
      [
        "Sandbox", "SystemCallFilter", "Manifest", "Audit", "Credentials", "Control",
        "Confinement", "JSON", "Digest", "Kernel", "CLinux",
      ]),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    tests("Relay", ["Manifest", "MCP", "JSON", "Digest", "Control"]),
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed,
      exclude: ["Target", "run", "corpus", "words"], swiftSettings: strict),
    tests(
      "Commands", ["Audit", "Manifest", "Profile", "JSON", "Digest", "Kernel"], exclude: ["Scripts"]
    ),
    .testTarget(
      name: "EndToEndTests", dependencies: ["Schemas", "MCP", "JSON"],
      exclude: [
        "Drivers", "Peers", "Probes", "Programs", "Terminal/Screens", "Escapes/Attempts",
        "Escapes/Prepared", "Escapes/stand", "Egress/World", "Egress/Clients", "Egress/Ways",
        "Egress/Registry", "Egress/ground",
      ], swiftSettings: strict),
  ])

// Tests/FuzzTests/run builds the entries as a program of libFuzzer's, in a build of its own.
if Context.environment["CORDON_FUZZER"] != nil {
  package.targets.removeAll { $0.name == "FuzzTests" }
  package.targets.append(
    .target(
      name: "FuzzEntries", dependencies: fuzzed, path: "Tests/FuzzTests",
      exclude: ["run", "corpus", "words", "Corpus.swift", "ReplayTests.swift"],
      sources: ["Entries", "Target"], swiftSettings: strict))
  package.products.append(.library(name: "cordon-fuzz", type: .static, targets: ["FuzzEntries"]))
  // What reads hostile bytes; the filters' compiler is a program that the build itself runs.
  let hostile = [
    "JSON", "MCP", "Relay", "Egress", "Manifest", "Credentials", "Control", "FuzzEntries",
  ]
  for target in package.targets where hostile.contains(target.name) {
    target.swiftSettings =
      (target.swiftSettings ?? []) + [.unsafeFlags(["-sanitize=address", "-sanitize=fuzzer"])]
  }
}
