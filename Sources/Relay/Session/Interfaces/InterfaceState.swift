import Digest
import JSON
import MCP
import Manifest

/// The bodies that a host renders, as the server gave them last: HTML and scripts that act in the
/// host, so that what is approved is each body and not its name.
struct InterfaceState {
  /// A body that Cordon asks for.
  struct Reading {
    var id: MessageID
    var uri: JSONString
    var asked: UInt64
  }

  /// What the tools of the last list refer to.
  var referred: Set<JSONString> = []
  /// Those known in this session, by URI.
  var bodies: [JSONString: Digest] = [:]
  /// What was asked for in this session, also where it could not be had.
  var attempted: Set<JSONString> = []
  /// To be asked for, the next one last.
  var wanted: [JSONString] = []
  var reading: Reading?
  /// The `_meta` of the request that led to asking.
  var meta: [UInt8]?
  /// Bodies that are to be reported, in no more bytes than a message may have.
  var fresh: [Item] = []
  var freshSize = 0
  /// The pins that answer this one tell what is decided about them.
  var confirming: UInt64?
  var observed: [JSONString: Digest]?

  var isBusy: Bool { reading != nil || !wanted.isEmpty || confirming != nil }
}
