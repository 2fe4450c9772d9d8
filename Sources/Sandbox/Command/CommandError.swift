import Glibc
public import Kernel

/// Why a command can't be made to run inside.
public enum CommandError: Error, Equatable, Sendable {
  /// Nothing of this name in any of the directories.
  case notFound(String, searched: [String])
  case unreadable(SystemError)
  /// A directory, a device, or a file without an execute bit.
  case notExecutable(String)
  /// Neither a program of this machine's architecture nor a script with a `#!` line.
  case unknownFormat(String)
  /// A script's interpreter is missing, or its `#!` line cannot be followed.
  case interpreter(String, script: String)
  /// Only showing this directory whole would do, and it holds more than the command.
  case tooWide(String, for: String)
  /// A path that exists in the sandbox as something else (`/proc`, `/dev`, …).
  case outOfReach(String)
  /// A shim that decides at run time what it starts.
  case shim(String, manager: String)
  /// No installed version of the version manager has the command.
  case noVersion(String, manager: String, versions: [String])
  /// `uvx` or `npx` would have to fetch it.
  case notCached(String, tool: String, looked: [String])
  /// An option or form that only the tool itself could carry out.
  case unsupported(String, tool: String)
}

extension CommandError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let command, let searched):
      return "\(command): command not found in \(searched.joined(separator: ", "))"
    case .unreadable(let error):
      return error.description
    case .notExecutable(let path):
      return "\(path): not an executable file"
    case .unknownFormat(let path):
      return "\(path): neither a program for this machine nor a script with a #! line"
    case .interpreter(let interpreter, let script):
      return "\(script): its interpreter \"\(interpreter)\" cannot be found"
    case .tooWide(let directory, let command):
      return "\(command): would need all of \(directory), which holds more than the command"
    case .outOfReach(let path):
      return "\(path): not a place that can be shown inside"
    case .shim(let path, let manager):
      return "\(path): a shim of \(manager), which decides while it runs what to start"
    case .noVersion(let command, let manager, _):
      return "\(command): no selected version of \(manager) has it"
    case .notCached(let package, let tool, let looked):
      return
        "\(tool) \(package): not installed and not in the cache (\(looked.joined(separator: ", ")));"
        + " it is started from there, and nothing fetches it inside"
    case .unsupported(let what, let tool):
      return "\(tool): \(what) needs \(tool) itself to run, which it does not inside"
    }
  }

  /// Whether nothing is there to be started, as opposed to something that can't be.
  public var isMissing: Bool {
    switch self {
    case .notFound, .notCached, .noVersion: true
    case .unreadable(let error): error.errno.code == ENOENT || error.errno.code == ENOTDIR
    default: false
    }
  }

  /// What the reader can do about it.
  public var hint: String {
    switch self {
    case .notFound(let command, _):
      return "give the path of \(command), or start with a PATH that has it"
    case .unreadable:
      return "check the path, and that this user may read it"
    case .notExecutable(let path):
      return "name the interpreter first, as in: python3 \(path)"
    case .unknownFormat(let path):
      return "name the interpreter first, as in: sh \(path)"
    case .interpreter(let interpreter, _):
      return Path.isAbsolute(interpreter)
        ? "install \(interpreter), or name another interpreter first"
        : "start with a PATH that has \(interpreter), or name the interpreter's path first"
    case .tooWide(let directory, _):
      return "install it in a directory of its own, or grant \(directory) with --read-only"
    case .outOfReach:
      return "use a copy in another place"
    case .shim(_, let manager):
      return "give the path of the program itself (\(manager) which NAME)"
    case .noVersion(_, _, let versions):
      return versions.isEmpty
        ? "install it in the selected version"
        : "select a version that has it, such as PYENV_VERSION=\(versions[versions.count - 1])"
    case .notCached(let package, let tool, _):
      switch tool {
      case "npx":
        return "install it first: npm install --global \(package); or let npx fetch it inside: "
          + "--profile npx"
      case "uvx":
        return "install it first: uv tool install \(package); or let uvx fetch it inside: "
          + "--profile uvx"
      default: return "make it first: uv sync in \(package)"
      }
    case .unsupported(_, let tool):
      return "install the server first, and give its own command"
        + (["npx", "uvx"].contains(tool) ? "; or let \(tool) run inside: --profile \(tool)" : "")
    }
  }
}
