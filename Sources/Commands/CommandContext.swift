/// What a command works with, so that a test can hand it another world.
public struct CommandContext {
  public let console: Console
  public let environment: Environment
  /// Asked for when needed: `--help` works where no home directory is known.
  public let places: () throws(CommandError) -> Places
  /// The host of a running session above this process, nil where there is none.
  public let hostAncestor: HostAncestor
  /// The terminal in front of a person, nil where stdin or stdout is none.
  let dialogue: () -> Dialogue?

  init(
    console: Console, environment: Environment,
    places: @escaping () throws(CommandError) -> Places,
    hostAncestor: @escaping HostAncestor, dialogue: @escaping () -> Dialogue?
  ) {
    self.console = console
    self.environment = environment
    self.places = places
    self.hostAncestor = hostAncestor
    self.dialogue = dialogue
  }

  /// This process's own world.
  static func live(_ environment: Environment) -> CommandContext {
    CommandContext(
      console: .standard(environment), environment: environment,
      places: { () throws(CommandError) in try Places.current(environment) },
      hostAncestor: { () throws(CommandError) in
        try liveHostAncestor(in: try Places.current(environment))
      },
      dialogue: { Dialogue.live(environment) })
  }
}
