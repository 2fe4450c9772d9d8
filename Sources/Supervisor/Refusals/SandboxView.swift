import Sandbox

/// What a server is shown, as far as a refused path is told by it.
struct SandboxView {
  struct Bind: Equatable {
    let path: String
    let isReadOnly: Bool
    /// A part of the system that every server sees.
    let isSystem: Bool
  }

  let binds: [Bind]
  /// The caller's home on the host, free of links; nil where it is not known.
  let callerHome: String?
  /// The server has another UID than the caller.
  let isSeparate: Bool
  /// It may connect to something: what of its connections is refused is told by who carries them.
  let hasEgress: Bool

  init(binds: [Bind], callerHome: String?, isSeparate: Bool, hasEgress: Bool = false) {
    self.binds = binds
    self.callerHome = callerHome
    self.isSeparate = isSeparate
    self.hasEgress = hasEgress
  }

  init(_ launch: Launch) {
    let sources = launch.plan.sources
    binds = launch.plan.steps.compactMap { step in
      switch step {
      case .bind(let index, let path, _) where sources.indices.contains(index):
        Bind(path: path, isReadOnly: sources[index].readOnly, isSystem: SystemView.shows(path))
      // What the host would execute later, in a grant that can be written to otherwise.
      case .cover(let cover) where cover.kind == .readOnly:
        Bind(path: cover.path, isReadOnly: true, isSystem: false)
      default: nil
      }
    }
    callerHome = launch.callerHome
    isSeparate = launch.identity.kind == .separate
    hasEgress = launch.egress != nil
  }

  /// The innermost bind that holds the path.
  func bind(of path: String) -> Bind? {
    binds.filter { Path.isWithin(path, $0.path) }
      .max { $0.path.utf8.count < $1.path.utf8.count }
  }
}
