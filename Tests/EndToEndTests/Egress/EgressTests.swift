import Foundation
import Testing

/// What a sandbox can reach and cannot, in a network that the test made: see `ground`. Programs and
/// attempts are first shown to succeed there without a sandbox.
@Suite(
  .serialized, .enabled(if: EgressGround.folder != nil, Comment(rawValue: EgressGround.absent)))
enum EgressTests {}
