/// Everything that a launch grants and decides, each value with who gave it.
public struct ResolvedProfile: Sendable, Equatable {
  public struct FileSystem: Sendable, Equatable {
    /// Absolute paths, each once, in the order of their bytes. A path that is also in `readWrite`
    /// is only there; of nested paths the inner one decides for what is below it.
    public let readOnly: [Sourced<PathGrant>]
    public let readWrite: [Sourced<PathGrant>]
    /// Unix sockets of the host's, each a way to the program behind it.
    public let sockets: [Sourced<PathGrant>]
    public let home: Sourced<HomeKind>
    /// The size of the private /tmp.
    public let temporary: Sourced<SizeValue>
  }

  /// Where the server may connect to: nowhere, where nothing is allowed.
  public struct Network: Sendable, Equatable {
    /// Each destination and port once, in the order of their bytes; none that is denied whole.
    public let allow: [Sourced<NetworkRule>]
    /// They win over what is allowed.
    public let deny: [Sourced<NetworkRule>]
    /// What is allowed and denied whole.
    public let void: [Sourced<NetworkRule>]

    /// A listener waits on each inside.
    static let mostPorts = 128
    static let mostRules = 4096
  }

  public struct System: Sendable, Equatable {
    public let base: Sourced<SystemCallBase>
    /// Without the denied ones.
    public let allow: [Sourced<String>]
    public let deny: [Sourced<String>]
  }

  public struct Limits: Sendable, Equatable {
    /// Of the server and all that it starts, together.
    public let memory: Sourced<SizeValue>
    /// Beyond the memory; nil for none.
    public let swap: Sourced<SizeValue>?
    /// Processes and threads, all together.
    public let processes: Sourced<LimitValue>
    /// Nil for no limit.
    public let cpus: Sourced<ProcessorShare>?
    /// Of each process.
    public let openFiles: Sourced<LimitValue>
    /// Of each file that is written; nil for no limit.
    public let fileSize: Sourced<SizeValue>?
    /// Of each process; nil for no limit. Programs that reserve addresses, such as Node and a JVM,
    /// do not start under a small one.
    public let addressSpace: Sourced<SizeValue>?
    public let messageSize: Sourced<SizeValue>
  }

  /// What of the protocol may be used.
  public struct ProtocolRules: Sendable, Equatable {
    private let capabilities: [Capability: Sourced<CapabilityRule>]
    /// Extensions and experimental capabilities that pass; each once, in the order of their bytes.
    public let extensions: [Sourced<String>]

    init(capabilities: [Capability: Sourced<CapabilityRule>], extensions: [Sourced<String>]) {
      self.capabilities = Dictionary(
        uniqueKeysWithValues: Capability.allCases.map {
          ($0, capabilities[$0] ?? Sourced(.allow, .builtIn))
        })
      self.extensions = extensions
    }

    public subscript(_ capability: Capability) -> Sourced<CapabilityRule> {
      capabilities[capability] ?? Sourced(.allow, .builtIn)
    }

    /// In the order of the table.
    public var denied: [Capability] {
      Capability.allCases.filter { self[$0].value == .deny }
    }
  }

  public struct Manifest: Sendable, Equatable {
    public let firstUse: Sourced<FirstUse>
    public let notice: Sourced<Notice>
    public let text: Sourced<ChangeRule>
    public let structure: Sourced<ChangeRule>
    public let annotations: Sourced<AnnotationRule>
    public let appearance: Sourced<ChangeRule>
    public let resources: Sourced<ResourceRule>
    public let findings: Sourced<FindingRule>

    init(_ layer: ProfileLayer.Manifest) {
      firstUse = layer.firstUse ?? Sourced(.ask, .builtIn)
      notice = layer.notice ?? Sourced(.show, .builtIn)
      text = layer.text ?? Sourced(.withhold, .builtIn)
      structure = layer.structure ?? Sourced(.withhold, .builtIn)
      annotations = layer.annotations ?? Sourced(.weakening, .builtIn)
      appearance = layer.appearance ?? Sourced(.withhold, .builtIn)
      resources = layer.resources ?? Sourced(.report, .builtIn)
      findings = layer.findings ?? Sourced(.show, .builtIn)
    }
  }

  /// Ways to ask the user, beside a terminal of the user's own.
  public struct Approval: Sendable, Equatable {
    public let elicitation: Sourced<AskingRule>
    /// Nil for none.
    public let program: Sourced<ApprovalProgram>?
  }

  public let server: ServerName
  /// The profiles that were applied, in order, as names or paths.
  public let profiles: [String]
  public let packages: Sourced<PackageRule>
  public let identity: Sourced<Identity>
  public let filesystem: FileSystem
  public let network: Network
  /// In the order of their names; no name is also a secret's.
  public let environment: [Sourced<Variable>]
  public let secrets: [Sourced<SecretGrant>]
  public let system: System
  public let limits: Limits
  /// The other bounds on what host and server send each other.
  public let flow: FlowLimits
  public let protocolRules: ProtocolRules
  public let manifest: Manifest
  public let launch: Sourced<LaunchRule>
  public let approval: Approval
  public let auditArguments: Sourced<AuditArguments>
  /// Below a granted path or the server's home; nil for the home itself.
  public let workingDirectory: Sourced<String>?
  public let accept: [Sourced<Weakness>]

  /// HOME inside the sandbox.
  public static let homeInside = "/home/server"

  /// Whether the profile accepts the weakness.
  public func accepts(_ weakness: Weakness) -> Bool {
    accept.contains { $0.value == weakness }
  }
}
