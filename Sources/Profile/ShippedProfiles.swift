/// The profiles inside the binary, which can be copied alone. Their source is `Profiles/*.jsonc`;
/// a test holds the two equal, byte for byte.
enum ShippedProfiles {
  static let all = [
    (name: "default", text: defaultText),
    (name: "node", text: nodeText),
    (name: "python", text: pythonText),
  ]

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
}
