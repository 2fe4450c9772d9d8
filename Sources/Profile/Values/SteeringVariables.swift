/// Variables that make an interpreter, a linker or a tool load or run something else. Taking the
/// caller's value unseen would let whoever sets it choose the server's code, so that they are given
/// by literal value or not at all.
public enum SteeringVariables {
  /// Whatever its case is.
  public static func contains(_ name: String) -> Bool {
    let upper = name.uppercased()
    return exact.contains(upper) || prefixes.contains { upper.hasPrefix($0) }
  }

  /// Compared without regard to case: npm reads `npm_config_*` in any.
  static let prefixes = [
    // The dynamic linker and the C library.
    "LD_", "DYLD_", "MALLOC_",
    // Package runners: registries, caches, scripts, interpreters.
    "NPM_", "YARN_", "PNPM_", "COREPACK_", "BUN_", "DENO_", "UV_", "PIP_", "PIPX_", "POETRY_",
    "PYENV_", "CONDA_", "MAMBA_", "PIXI_", "PDM_", "HATCH_", "VIRTUALENV_", "BUNDLE_", "CARGO_",
    "RUSTUP_", "COMPOSER_",
    // Version managers: which interpreter a name stands for.
    "ASDF_", "FNM_", "MISE_", "NVM_", "RBENV_", "SDKMAN_", "VOLTA_",
    // Containers: which machine and which image run.
    "DOCKER_", "CONTAINER_", "PODMAN_",
    // Compilers and loaders that Node programs start.
    "TS_NODE_", "ESBUILD_",
    // Perl and Lua, whose names carry versions.
    "PERL", "LUA_",
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
    "ELECTRON_RUN_AS_NODE", "NODE_COMPILE_CACHE", "NODE_EXTRA_CA_CERTS", "NODE_ICU_DATA",
    "NODE_OPTIONS", "NODE_PATH", "NODE_REPL_EXTERNAL_MODULE", "NODE_TLS_REJECT_UNAUTHORIZED",
    // Python.
    "PYTHONBREAKPOINT", "PYTHONCASEOK", "PYTHONEXECUTABLE", "PYTHONHOME", "PYTHONINSPECT",
    "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONPYCACHEPREFIX", "PYTHONSTARTUP", "PYTHONUSERBASE",
    "PYTHONWARNINGS", "VIRTUAL_ENV",
    // Ruby, PHP, R, Tcl, Erlang, Julia.
    "RUBYLIB", "RUBYOPT", "GEM_HOME", "GEM_PATH",
    "PHPRC", "PHP_INI_SCAN_DIR", "R_PROFILE",
    "R_PROFILE_USER", "R_LIBS", "TCLLIBPATH", "ERL_FLAGS", "ERL_LIBS", "JULIA_DEPOT_PATH",
    "JULIA_LOAD_PATH", "JULIA_PROJECT",
    // Java.
    "CLASSPATH", "GRADLE_OPTS", "JAVA_HOME", "JAVA_OPTIONS", "JAVA_OPTS", "MAVEN_OPTS",
    "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
    // Go.
    "GOENV", "GOFLAGS", "GOPATH", "GOPROXY", "GOROOT", "GOTOOLCHAIN",
    // TLS libraries.
    "OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "OPENSSL_ENGINES", "OPENSSL_MODULES", "SSLKEYLOGFILE",
    "SSL_CERT_DIR", "SSL_CERT_FILE",
    // Modules of graphical and database libraries.
    "GDK_PIXBUF_MODULE_FILE", "GIO_EXTRA_MODULES", "GIO_MODULE_DIR", "GTK_MODULES", "GTK_PATH",
    "ODBCINI", "ODBCSYSINI", "QML2_IMPORT_PATH", "QT_PLUGIN_PATH", "SASL_PATH",
    // Browsers that servers start.
    "CHROME_BIN", "CHROME_PATH", "PLAYWRIGHT_BROWSERS_PATH", "PLAYWRIGHT_NODEJS_PATH",
    "PUPPETEER_EXECUTABLE_PATH",
    // Programs that tools start.
    "BROWSER", "EDITOR", "GIT_ASKPASS", "GIT_EDITOR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF",
    "GIT_PAGER", "GIT_PROXY_COMMAND", "GIT_SEQUENCE_EDITOR", "GIT_SSH", "GIT_SSH_COMMAND",
    "GIT_TEMPLATE_DIR", "LESSCLOSE", "LESSOPEN", "MANPAGER", "PAGER", "SSH_ASKPASS", "VISUAL",
  ]
}
