/// What the end of a server that never answered points to: by what it said last, or by how it ended.
///
/// The table says for each which layer of the sandbox was likely in the way, and what opens it. It
/// is a guess, and told as one.
public struct Symptom: Equatable, Sendable {
  public enum Sign: Equatable, Sendable {
    /// Bytes in a line of standard error.
    case phrase(String)
    case signal(Int32)
    case exit(Int32)
  }

  /// For the audit log, and between Cordon's parts.
  public let name: String
  public let signs: [Sign]
  /// The layer that was likely in the way.
  public let layer: String
  /// What opens it.
  public let hint: String

  /// The symptom of this name; nil for none.
  public static func named(_ name: String) -> Symptom? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension Symptom {
  /// In the order in which they are tried: what says more comes before what says less.
  public static let all: [Symptom] = [
    Symptom(
      name: "missing-library",
      signs: [
        .phrase("error while loading shared libraries"),
        .phrase("cannot open shared object file"),
      ],
      layer: "the files it is shown: a library that its program is linked with is not among them",
      hint: "grant the directory that holds it: --read-only DIRECTORY"),
    Symptom(
      name: "missing-module",
      signs: [
        .phrase("No module named"), .phrase("Cannot find module"),
        .phrase("ERR_MODULE_NOT_FOUND"), .phrase("Cannot find package"),
        .phrase("Could not find or load main class"), .phrase("cannot load such file"),
      ],
      layer: "the files it is shown: a package that it imports is not among them",
      hint:
        "name the interpreter of the environment that has it (.venv/bin/python), or grant where it "
        + "is: --read-only DIRECTORY and, where its place is not a usual one, --env NAME=DIRECTORY"),
    Symptom(
      name: "no-name",
      signs: [
        .phrase("getaddrinfo"), .phrase("EAI_AGAIN"), .phrase("ENOTFOUND"),
        .phrase("Temporary failure in name resolution"), .phrase("Name or service not known"),
        .phrase("no such host"), .phrase("Could not resolve host"),
        .phrase("failed to lookup address"), .phrase("server misbehaving"),
        .phrase("UnknownHostException"),
      ],
      layer: "the network: only names that are granted are known inside",
      hint: "--allow HOST:PORT for what it needs, or install what it fetches at its start before"),
    Symptom(
      name: "no-network",
      signs: [
        .phrase("Network is unreachable"), .phrase("network is unreachable"),
        .phrase("ENETUNREACH"), .phrase("Connection refused"), .phrase("connection refused"),
        .phrase("ECONNREFUSED"), .phrase("EHOSTUNREACH"), .phrase("No route to host"),
      ],
      layer: "the network: only what is granted can be reached from inside",
      hint:
        "--allow HOST:PORT for what it needs; a service of this machine is --allow localhost:PORT"),
    Symptom(
      name: "read-only",
      signs: [
        .phrase("Read-only file system"), .phrase("read-only file system"), .phrase("EROFS"),
        .phrase("ReadOnlyFileSystemException"),
      ],
      layer: "the files it is shown: what is not granted for writing is read-only",
      hint: "--read-write PATH, or let it write to its home or to /tmp"),
    Symptom(
      name: "no-space",
      signs: [
        .phrase("No space left on device"), .phrase("no space left on device"), .phrase("ENOSPC"),
        .phrase("Disk quota exceeded"),
      ],
      layer: "the limits: /tmp, /var/tmp, /dev/shm and a temporary home are small",
      hint: #"in a profile: "filesystem": { "temporary": "1GiB" }"#),
    Symptom(
      name: "no-memory",
      signs: [
        .phrase("Cannot allocate memory"), .phrase("cannot allocate memory"), .phrase("ENOMEM"),
        .phrase("MemoryError"), .phrase("heap out of memory"), .phrase("OutOfMemoryError"),
        .phrase("insufficient memory for the Java Runtime"), .phrase("std::bad_alloc"),
      ],
      layer: "the limits: memory",
      hint: #"in a profile: "limits": { "memory": "2GiB" }"#),
    Symptom(
      name: "no-process",
      signs: [
        .phrase("Resource temporarily unavailable"), .phrase("can't start new thread"),
        .phrase("unable to create native thread"), .phrase("failed to create new OS thread"),
        .phrase("pthread_create failed"),
      ],
      layer: "the limits: processes and threads together",
      hint: #"in a profile: "limits": { "processes": 512 }"#),
    Symptom(
      name: "no-descriptor",
      signs: [
        .phrase("Too many open files"), .phrase("too many open files"), .phrase("EMFILE"),
      ],
      layer: "the limits: open files",
      hint: #"in a profile: "limits": { "openFiles": 4096 }"#),
    Symptom(
      name: "refused-call",
      signs: [
        .phrase("Function not implemented"), .phrase("function not implemented"),
        .phrase("ENOSYS"), .phrase("Operation not permitted"), .phrase("operation not permitted"),
        .phrase("EPERM"), .phrase("Bad system call"),
      ],
      layer: "the system call filter, or that it has no capabilities",
      hint: #"--verbose names the call; in a profile: "system": { "allow": ["NAME"] }"#),
    Symptom(
      name: "no-permission",
      signs: [
        .phrase("Permission denied"), .phrase("permission denied"), .phrase("EACCES"),
        .phrase("AccessDeniedException"),
      ],
      layer: "its identity: it runs with a UID of its own, which may not have what only you may",
      hint: "chmod it, grant it by name (--read-only PATH, --read-write PATH), or --identity caller"
    ),
    Symptom(
      name: "missing-file",
      signs: [
        .phrase("No such file or directory"), .phrase("no such file or directory"),
        .phrase("ENOENT"), .phrase("FileNotFoundError"), .phrase("FileNotFoundException"),
        .phrase("NoSuchFileException"),
      ],
      layer: "the files it is shown: what is not granted is not there",
      hint: "--read-only PATH, or --read-write PATH where it writes"),
    Symptom(
      name: "missing-variable",
      signs: [
        .phrase("environment variable"), .phrase("API_KEY"), .phrase("API key"),
        .phrase("api key"), .phrase("_TOKEN"), .phrase("KeyError: "),
      ],
      layer: "its environment, which begins empty",
      hint: "--env NAME passes yours on, --env NAME=VALUE sets one, --secret NAME=SOURCE a secret"),
    Symptom(
      name: "missing-program",
      signs: [
        .phrase("command not found"), .phrase(": not found"), .phrase("Exec format error"),
        .exit(127), .exit(126),
      ],
      layer: "the files it is shown: a program that it starts is not among them",
      hint:
        "--dry-run lists what is shown; grant the program's directory (--read-only DIRECTORY) and "
        + "name it in --env PATH=…"),
    Symptom(
      name: "foreign-call",
      // SIGSYS
      signs: [.signal(31)],
      layer: "the system call filter: it ends a process that calls the kernel as a 32-bit one does",
      hint: "a build of the program for this machine's own architecture is needed"),
    Symptom(
      name: "killed",
      // SIGKILL
      signs: [.signal(9)],
      layer: "the limits or the machine: most often it is memory for which a process is killed",
      hint: #"in a profile: "limits": { "memory": "2GiB" }; the kernel's log says more"#),
    Symptom(
      name: "no-time",
      // SIGXCPU
      signs: [.signal(24)],
      layer: "the limits: processor time",
      hint: "the limit is the one that you started cordon with: ulimit -t"),
    Symptom(
      name: "too-large-file",
      // SIGXFSZ
      signs: [.signal(25), .phrase("File too large"), .phrase("EFBIG")],
      layer: "the limits: the size of a file",
      hint: "limits.fileSize in its profile, or the one that you started cordon with: ulimit -f"),
    Symptom(
      name: "crash",
      // SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE
      signs: [.signal(11), .signal(7), .signal(6), .signal(4), .signal(5), .signal(8)],
      layer: "the program itself, or a refused call that it does not expect",
      hint: "--verbose names what it is refused"),
  ]
}
