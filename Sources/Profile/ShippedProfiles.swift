/// The profiles inside the binary, which can be copied alone. Their source is `Profiles/*.jsonc`;
/// a test holds the two equal, byte for byte.
public enum ShippedProfiles {
  static let all = [
    (name: "default", text: defaultText),
    (name: "node", text: nodeText),
    (name: "npx", text: npxText),
    (name: "python", text: pythonText),
    (name: "uvx", text: uvxText),
  ]

  /// As `--profile` takes them.
  public static let names = all.map(\.name)

  private static let defaultText = #"""
    // What a server gets where nothing else is said: the system's programs and libraries, a home of
    // its own, nothing of the caller's disk, no network, and of the environment only language and
    // time zone.
    {
      "description": "A home of the server's own, and nothing of the caller's",
      "identity": "separate",
      "filesystem": {
        "home": "private",
        "temporary": "64MiB",
      },
      "environment": {
        "pass": ["LANG", "LC_ALL", "LC_CTYPE", "TZ"],
      },
      "system": { "syscalls": "default" },
      // Memory is the server's and its children's together; where no cgroup can be had the launch
      // goes on with a bound for each process, and says so. Threads count as processes.
      "limits": { "memory": "1GiB", "processes": 256, "openFiles": 1024, "messageSize": "16MiB" },
      // What the protocol has is allowed, extensions of it are not unless they are named.
      "protocol": {
        "sampling": "allow",
        "elicitation": "allow",
        "roots": "allow",
        "logging": "allow",
        "tasks": "allow",
        "extensions": [],
      },
      "manifest": { "firstUse": "ask", "notice": "show" },
      "audit": { "arguments": "digest" },
    }

    """#

  private static let nodeText = #"""
    // For servers that Node runs: node, npx.
    {
      "description": "A server written for Node",
      "extends": ["default"],
      "environment": {
        "set": {
          // npm would ask the network for its own newest version at each start.
          "NO_UPDATE_NOTIFIER": "1",
          "npm_config_update_notifier": "false",
          "npm_config_audit": "false",
          "npm_config_fund": "false",
        },
      },
      // npx, npm and the server are three processes of a dozen threads each, before any worker.
      "limits": { "processes": 512 },
    }

    """#

  private static let pythonText = #"""
    // For servers that Python runs: python3, a virtual environment, uv and uvx.
    {
      "description": "A server written in Python",
      "extends": ["default"],
      "environment": {
        "set": {
          // Its code is shown read-only; compiled files have no place beside it.
          "PYTHONDONTWRITEBYTECODE": "1",
          // A reply must not wait in a buffer for the next one.
          "PYTHONUNBUFFERED": "1",
          // Messages are UTF-8 whatever the language is set to.
          "PYTHONUTF8": "1",
        },
      },
    }

    """#

  private static let uvxText = #"""
    // For servers that uvx fetches and starts: uvx itself runs inside, and of the network it and the
    // server reach the package index. That is a way out for data: packages are uploaded elsewhere, but
    // what is asked for, or sent to a form, arrives there. What it needs besides is granted to it by name.
    {
      "description": "A server that uvx fetches from PyPI and starts",
      "extends": ["python"],
      // Its cache is in the server's private home: no other server's, and not yours.
      "packages": "fetch",
      "network": {
        "allow": ["pypi.org:443", "files.pythonhosted.org:443"],
      },
      "environment": {
        "set": {
          // Interpreters would come from elsewhere; those that the system has are used.
          "UV_PYTHON_DOWNLOADS": "never",
          "UV_NO_PROGRESS": "1",
        },
      },
    }

    """#

  private static let npxText = #"""
    // For servers that npx fetches and starts: npx itself runs inside, and of the network it and the
    // server reach the package registry. That is a way out for data: whoever has a token publishes a
    // package there, and a server can bring one. What it needs besides is granted to it by name.
    {
      "description": "A server that npx fetches from npm's registry and starts",
      "extends": ["node"],
      // Its cache is in the server's private home: no other server's, and not yours.
      "packages": "fetch",
      "network": {
        "allow": ["registry.npmjs.org:443"],
      },
      "environment": {
        "set": {
          // Nobody is there to be asked.
          "npm_config_yes": "true",
        },
      },
    }

    """#
}
