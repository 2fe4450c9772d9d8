/// Names that an editor, a shell or git reads and runs by itself, long after the server has ended:
/// whoever can write one of them has the user's account the next time the user works there.
///
/// A build file such as a Makefile is not among them: it runs when somebody asks for it by name.
enum StartupFiles {
  struct Name {
    /// Relative, with plain components.
    let path: String
    /// Whether an empty directory of this name is harmless to whoever looks for it, so that one can
    /// stand in its place while the server runs. (An empty `.bash_profile/` would keep bash from
    /// reading `.profile`.) An empty directory is invisible to git.
    let standsEmpty: Bool

    init(_ path: String, standsEmpty: Bool = false) {
      self.path = path
      self.standsEmpty = standsEmpty
    }
  }

  /// In the top directory of a writable grant, and beside every `.git` inside it.
  static let ofProjects: [Name] = [
    // git runs hooks, fsmonitor, filters and pagers that the repository's own files name; besides
    // `hooks` and `config` also `commondir`, which leads to another `config`, so all of it.
    Name(".git", standsEmpty: true),
    Name(".gitmodules"),
    // Mercurial's and Jujutsu's own configuration name programs too.
    Name(".hg"), Name(".jj"),
    // What agents and editors start for a project: MCP servers, hooks, tasks, interpreters.
    Name(".mcp.json", standsEmpty: true), Name(".claude", standsEmpty: true),
    Name(".cursor", standsEmpty: true), Name(".vscode", standsEmpty: true),
    Name(".idea", standsEmpty: true),
    Name(".codex"), Name(".gemini"), Name(".windsurf"), Name(".kiro"), Name(".continue"),
    Name(".zed"), Name(".fleet"), Name(".helix"), Name(".devcontainer"), Name(".devcontainer.json"),
    Name(".vimrc"), Name(".nvimrc"), Name(".exrc"), Name(".nvim.lua"), Name(".dir-locals.el"),
    // Shells that have direnv or mise run these at a `cd`.
    Name(".envrc", standsEmpty: true), Name(".mise.toml"), Name("mise.toml"),
    // Hooks whose directory `core.hooksPath` usually names.
    Name(".husky"), Name(".githooks"), Name(".pre-commit-config.yaml"),
    // Package managers take programs to run from these whatever they are asked for.
    Name(".npmrc"), Name(".yarnrc"), Name(".yarnrc.yml"), Name(".pnpmfile.cjs"),
    // Debuggers read these where they are started.
    Name(".gdbinit"), Name(".lldbinit"), Name(".pdbrc"),
  ]

  /// In a home directory, wherever a writable grant reaches into one; an existing one also in the
  /// top directory of a writable grant.
  static let ofHomes: [Name] = [
    Name(".bashrc"), Name(".bash_profile"), Name(".bash_login"), Name(".bash_logout"),
    Name(".bash_aliases"), Name(".profile"), Name(".zshrc"), Name(".zshenv"), Name(".zprofile"),
    Name(".zlogin"), Name(".zlogout"), Name(".kshrc"), Name(".cshrc"), Name(".tcshrc"),
    Name(".login"), Name(".logout"), Name(".inputrc"),
    Name(".xinitrc"), Name(".xprofile"), Name(".xsession"), Name(".xsessionrc"),
    Name(".pam_environment"), Name(".ssh"), Name(".gnupg"),
    Name(".gitconfig"), Name(".hgrc"), Name(".ripgreprc"), Name(".tmux.conf"), Name(".screenrc"),
    Name(".vim"), Name(".emacs"), Name(".emacs.d"), Name(".pythonrc.py"), Name(".Rprofile"),
    Name(".irbrc"), Name(".claude.json"),
    Name(".config/autostart", standsEmpty: true), Name(".config/systemd", standsEmpty: true),
    Name(".config/environment.d", standsEmpty: true), Name(".config/git", standsEmpty: true),
    Name(".config/fish", standsEmpty: true), Name(".config/nvim", standsEmpty: true),
    Name(".config/plasma-workspace", standsEmpty: true), Name(".config/direnv", standsEmpty: true),
    Name(".config/Code"), Name(".config/Cursor"), Name(".config/zed"), Name(".config/Claude"),
    // On the search path of most shells.
    Name("bin"), Name(".local/bin", standsEmpty: true), Name(".cargo/bin"),
    Name(".local/share/applications", standsEmpty: true),
    Name(".local/share/systemd", standsEmpty: true), Name(".local/share/dbus-1", standsEmpty: true),
  ]

  /// In a git directory that is itself granted writable: its objects and refs are open then, and
  /// what names programs stays closed. `commondir` cannot be held: git reads any entry of that name.
  static let ofGitDirectories: [Name] = [
    Name("hooks", standsEmpty: true), Name("config"), Name("config.worktree"), Name("commondir"),
    Name("modules"), Name("worktrees"),
  ]
}
