extension RunCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["run"], summary: "run an MCP server in a sandbox of its own",
    usage: ["run [OPTIONS] NAME", "run [OPTIONS] --name NAME -- COMMAND [ARGUMENT]…"],
    about: [
      """
      Stands where an MCP host's configuration had the server's own command: stdin and stdout are \
      the protocol, messages go to stderr.
      """,
      """
      The server sees a read-only system, a private home and what is granted here or in a profile: \
      none of your files, none of your environment, nothing of the network. Its tools are withheld until you \
      approve them with cordon review.
      """,
    ],
    options: [
      .value("name", "NAME", "the name of an ad hoc server: approvals are kept under it"),
      .value(
        "profile", "NAME|PATH", "grants from a profile; later ones add to earlier ones",
        repeatable: true, completion: .path),
      .value(
        "read-only", "PATH", "show a file or directory, read-only", repeatable: true,
        completion: .path),
      .value(
        "read-write", "PATH",
        """
        show a file or directory that the server may change, but for what git, an editor or a \
        shell runs later (.git, .vscode, …): name those too to open them
        """, repeatable: true, completion: .path),
      .value(
        "allow", "HOST:PORT",
        """
        let the server connect there: a host, *.host for the names below it, an address or a \
        network; the port * is every port
        """, repeatable: true),
      .value(
        "env", "NAME[=VALUE]", "set a variable, or pass on your own value of it",
        repeatable: true, completion: .variable),
      .value(
        "secret", "NAME=SOURCE",
        """
        set a variable to a secret from env:VARIABLE or file:PATH; the value is kept out of \
        messages and logs
        """, repeatable: true),
      .choice(
        "identity", ["separate", "caller"],
        """
        a UID of the server's own, or yours inside (needed to write your files without root, or \
        to read those that only you may read)
        """),
      .value(
        "accept", "WEAKNESS", "go on without a protection that the error named",
        repeatable: true),
      .choice(
        "first-use", ["ask", "trust"],
        "what a name's first start does with its tools: withhold them all, or approve them all"),
      .flag("dry-run", "print the sandbox, start nothing"),
      .choice("format", ["text", "json"], "of --dry-run"),
      .flag("verbose", "tell each step, and what the server is refused"),
    ],
    takesCommand: true,
    examples: [
      .init(
        purpose: "A Python server that may change one directory",
        command: "cordon run --name notes --read-write ~/notes -- python3 notes_server.py"),
      .init(
        purpose: "See every file, variable and limit first",
        command: "cordon run --name notes --dry-run -- python3 notes_server.py"),
      .init(
        purpose: "A token for this server alone",
        command:
          "cordon run --name issues --secret API_TOKEN=file:$HOME/.issues-token -- issues-mcp"),
      .init(
        purpose: "A server that npx fetches, and one host that it may talk to",
        command: "cordon run --name files --profile npx --allow api.example.com:443 "
          + "-- npx -y @example/server"),
      .init(
        purpose: "A server defined in servers/notes.jsonc of the configuration directory",
        command: "cordon run notes"),
    ],
    exitCodes: ExitCode.allCases.filter { $0 != .different }
  ) { (context, arguments) throws(CommandError) in
    try RunCommand.perform(try RunOptions(arguments), context)
  }
}
