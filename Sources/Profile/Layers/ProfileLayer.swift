/// What one file, or the command line, says: grants, and single values where it has any.
public struct ProfileLayer: Sendable, Equatable {
  /// What happens to definitions and their changes.
  public struct Manifest: Sendable, Equatable {
    public var firstUse: Sourced<FirstUse>?
    public var notice: Sourced<Notice>?
    public var text: Sourced<ChangeRule>?
    public var structure: Sourced<ChangeRule>?
    public var annotations: Sourced<AnnotationRule>?
    public var appearance: Sourced<ChangeRule>?
    public var resources: Sourced<ResourceRule>?
    public var findings: Sourced<FindingRule>?

    /// A later layer's replace these, one by one.
    mutating func replace(with later: Manifest) {
      firstUse = later.firstUse ?? firstUse
      notice = later.notice ?? notice
      text = later.text ?? text
      structure = later.structure ?? structure
      annotations = later.annotations ?? annotations
      appearance = later.appearance ?? appearance
      resources = later.resources ?? resources
      findings = later.findings ?? findings
    }
  }

  public var extends: [Sourced<ProfileReference>] = []
  public var packages: Sourced<PackageRule>?
  public var identity: Sourced<Identity>?
  public var readOnly: [Sourced<PathGrant>] = []
  public var readWrite: [Sourced<PathGrant>] = []
  public var sockets: [Sourced<PathGrant>] = []
  public var home: Sourced<HomeKind>?
  public var temporary: Sourced<SizeValue>?
  public var networkAllow: [Sourced<NetworkRule>] = []
  public var networkDeny: [Sourced<NetworkRule>] = []
  public var variables: [Sourced<Variable>] = []
  public var secrets: [Sourced<SecretGrant>] = []
  public var systemCalls: Sourced<SystemCallBase>?
  public var systemAllow: [Sourced<String>] = []
  public var systemDeny: [Sourced<String>] = []
  public var memory: Sourced<SizeValue>?
  public var swap: Sourced<SizeValue>?
  public var processes: Sourced<LimitValue>?
  public var cpus: Sourced<ProcessorShare>?
  public var openFiles: Sourced<LimitValue>?
  public var fileSize: Sourced<SizeValue>?
  public var addressSpace: Sourced<SizeValue>?
  public var messageSize: Sourced<SizeValue>?
  public var flow = FlowLimits()
  public var capabilities: [Capability: Sourced<CapabilityRule>] = [:]
  public var extensions: [Sourced<String>] = []
  public var manifest = Manifest()
  public var launch: Sourced<LaunchRule>?
  public var elicitation: Sourced<AskingRule>?
  public var approvalProgram: Sourced<ApprovalProgram>?
  public var auditArguments: Sourced<AuditArguments>?
  public var workingDirectory: Sourced<String>?
  public var accept: [Sourced<Weakness>] = []
  var unenforced: [Unenforced] = []

  /// A layer that says nothing.
  public init() {}
}
