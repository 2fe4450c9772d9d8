import Control
import Digest
import JSON
import Manifest

/// The decisions known to this session, by kind, name and digest.
struct Pins: Equatable {
  enum State { case approved, rejected, waiting, unknown }

  private var states: [PinnedItem: State] = [:]
  private(set) var waitingCount = 0
  /// The canonical form of the approved capabilities; nil where none are.
  private(set) var capabilities: [UInt8]?

  init() {}

  init(_ snapshot: PinSnapshot) {
    // An approval of exactly these bytes is the strongest: it is put in last.
    for item in snapshot.waiting { states[item] = .waiting }
    for item in snapshot.rejected { states[item] = .rejected }
    for item in snapshot.approved { states[item] = .approved }
    waitingCount = snapshot.waiting.count
    capabilities = snapshot.capabilities
  }

  func state(of item: PinnedItem) -> State {
    states[item] ?? .unknown
  }

  func state(_ kind: ItemKind, _ name: JSONString, _ digest: Digest) -> State {
    state(of: PinnedItem(kind: kind.rawValue, name: name.utf8, digest: digest.bytes))
  }
}
