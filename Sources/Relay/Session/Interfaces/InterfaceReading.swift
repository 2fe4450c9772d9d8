import Control
import Digest
import JSON
import MCP
import Manifest

/// Cordon reads what the listed tools refer to before a host does: what it finds there on first use, or
/// sees change, is judged like any other definition.
///
/// Nothing but a host's own reading of such a body waits for it.
extension Session {
  mutating func readInterfaces(of complete: ItemList, at now: UInt64) {
    interfaces.referred = Set(complete.items.flatMap(\.interfaces))
    let room = SessionSettings.mostInterfaces - interfaces.attempted.count
    let new = interfaces.referred.subtracting(interfaces.attempted).sorted().prefix(max(room, 0))
    if !new.isEmpty, !handshake.lacksResources {
      interfaces.attempted.formUnion(new)
      interfaces.wanted.insert(contentsOf: new.reversed(), at: 0)
      interfaces.meta = lists[.tools].meta
      if interfaces.reading == nil { readNextInterface(at: now) }
    } else if interfaces.observed == nil, !interfaces.isBusy {
      // That there are none is an observation too: what a server adds later is no first use.
      observeInterfaces(at: now)
    }
  }

  private mutating func readNextInterface(at now: UInt64) {
    guard let uri = interfaces.wanted.popLast() else {
      observeInterfaces(at: now)
      return
    }
    let id = nextOwnID()
    interfaces.reading = InterfaceState.Reading(id: id, uri: uri, asked: now)
    outputs.append(.server(Messages.readRequest(id: id, uri: uri, meta: interfaces.meta)))
  }

  /// An answer to one of Cordon's own requests.
  mutating func receiveInterface(_ message: Received, at now: UInt64) {
    guard let uri = interfaces.reading?.uri else { return }
    interfaces.reading = nil
    if let item = message.result.flatMap({ body(of: uri, message, $0) }) { note(item) }
    readNextInterface(at: now)
  }

  /// There is no answer: what else was to be read is read when a host does.
  mutating func interfaceFailed(at now: UInt64) {
    interfaces.reading = nil
    interfaces.wanted = []
    observeInterfaces(at: now)
  }

  /// The body in an answer; nil where it has none that could be approved.
  func body(of uri: JSONString, _ message: Received, _ result: ObjectView) -> Item? {
    guard !result.hasLookalike(of: ["contents"]), let member = result.member("contents") else {
      return nil
    }
    do throws(ItemError) {
      return try Item.uiResource(uri, contents: message.line.copy(member.value))
    } catch {
      return nil
    }
  }

  /// Keeps a body's digest, and the body where nobody has decided about it.
  ///
  /// - Returns: false where there are more than are kept.
  @discardableResult
  mutating func note(_ item: Item) -> Bool {
    guard
      interfaces.bodies[item.name] != nil
        || interfaces.bodies.count < SessionSettings.mostInterfaces
    else { return false }
    if pins.state(of: PinnedItem(item)) == .unknown {
      guard interfaces.freshSize + item.canonical.count <= settings.messageSize else {
        return false
      }
      interfaces.freshSize += item.canonical.count
      interfaces.fresh.append(item)
    }
    interfaces.bodies[item.name] = item.digest
    return true
  }

  /// Reports the bodies that are known; reading goes on when the pins have come.
  mutating func observeInterfaces(at now: UInt64) {
    let unknown = interfaces.fresh.filter { item in
      interfaces.bodies[item.name] == item.digest
        && pins.state(of: PinnedItem(item)) == .unknown
    }
    interfaces.fresh = []
    interfaces.freshSize = 0
    if interfaces.bodies != interfaces.observed || !unknown.isEmpty {
      let present = interfaces.bodies.sorted { $0.key < $1.key }.map { uri, digest in
        PinnedItem(kind: ItemKind.uiResource.rawValue, name: uri.utf8, digest: digest.bytes)
      }
      observe(.uiResource, unknown: unknown, present: present)
      interfaces.observed = interfaces.bodies
    }
    if !unknown.isEmpty { interfaces.confirming = sequence }
    releaseInterfaces(at: now)
  }

  mutating func confirmInterfaces(through sequence: UInt64, at now: UInt64) {
    guard let confirming = interfaces.confirming, sequence >= confirming else { return }
    interfaces.confirming = nil
    let known = interfaces.bodies.map { uri, digest in
      PinnedItem(kind: ItemKind.uiResource.rawValue, name: uri.utf8, digest: digest.bytes)
    }
    tellWithheld(known.filter { pins.state(of: $0) != .approved })
    releaseInterfaces(at: now)
  }

  private mutating func releaseInterfaces(at now: UInt64) {
    guard !interfaces.isBusy else { return }
    for entry in takeHeld(for: .interfaces) { release(entry, at: now) }
  }
}
