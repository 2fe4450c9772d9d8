/// Variables that make an interpreter, a linker or a tool load or run something else. Taking the
/// caller's value unseen would let whoever sets it choose the server's code, so that they are given
/// by literal value or not at all.
enum SteeringVariables {
  static func contains(_ name: String) -> Bool {
    let upper = name.uppercased()
    return exact.contains(upper) || prefixes.contains { upper.hasPrefix($0) }
  }

  /// Compared without regard to case: npm reads `npm_config_*` in any.
  static let prefixes = [
    // The dynamic linker and the C library.
    "LD_", "DYLD_", "MALLOC_",
    // Package runners: registries, caches, scripts, interpreters.
    "NPM_", "YARN_", "PNPM_", "COREPACK_", "BUN_", "DENO_", "UV_", "PIP_", "PIPX_", "POETRY_",
    "PYENV_", "CONDA_", "BUNDLE_", "CARGO_", "RUSTUP_",
    // Functions exported by bash.
    "BASH_FUNC_",
    // Startup hooks and profilers of .NET.
    "DOTNET_", "CORECLR_", "COREHOST_",
    "GIT_CONFIG",
  ]

  static let exact = [
    // The C library: modules, catalogues, resolver.
    "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH",
    "NIS_PATH", "NLSPATH", "RESOLV_HOST_CONF", "RES_OPTIONS", "TZDIR",
    // Shells.
    "BASH_ENV", "BASHOPTS", "CDPATH", "ENV", "FPATH", "IFS", "PROMPT_COMMAND", "PS4", "SHELLOPTS",
    "ZDOTDIR",
    // Node.
    "ELECTRON_RUN_AS_NODE", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_PATH",
    "NODE_REPL_EXTERNAL_MODULE", "NODE_TLS_REJECT_UNAUTHORIZED", "NVM_DIR",
    // Python.
    "PYTHONBREAKPOINT", "PYTHONCASEOK", "PYTHONEXECUTABLE", "PYTHONHOME", "PYTHONINSPECT",
    "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONPYCACHEPREFIX", "PYTHONSTARTUP", "PYTHONUSERBASE",
    "PYTHONWARNINGS", "VIRTUAL_ENV",
    // Perl, Ruby, PHP, Lua, R, Tcl, Erlang, Julia.
    "PERL5DB", "PERL5LIB", "PERL5OPT", "PERLLIB", "RUBYLIB", "RUBYOPT", "GEM_HOME", "GEM_PATH",
    "PHPRC", "PHP_INI_SCAN_DIR", "LUA_CPATH", "LUA_INIT", "LUA_PATH", "R_PROFILE",
    "R_PROFILE_USER", "R_LIBS", "TCLLIBPATH", "ERL_FLAGS", "ERL_LIBS", "JULIA_DEPOT_PATH",
    "JULIA_LOAD_PATH", "JULIA_PROJECT",
    // Java.
    "CLASSPATH", "JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
    // Go.
    "GOENV", "GOFLAGS", "GOPATH", "GOPROXY", "GOROOT", "GOTOOLCHAIN",
    // TLS libraries.
    "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_ENGINES", "OPENSSL_MODULES", "SSLKEYLOGFILE",
    "SSL_CERT_DIR", "SSL_CERT_FILE",
    // Programs that tools start.
    "BROWSER", "EDITOR", "GIT_ASKPASS", "GIT_EDITOR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF",
    "GIT_PAGER", "GIT_PROXY_COMMAND", "GIT_SEQUENCE_EDITOR", "GIT_SSH", "GIT_SSH_COMMAND",
    "GIT_TEMPLATE_DIR", "LESSCLOSE", "LESSOPEN", "MANPAGER", "PAGER", "SSH_ASKPASS", "VISUAL",
  ]
}
