import Control
import Glibc
import Kernel
import Manifest

/// A server that has been told of as slow, until it has been looked at a second time.
struct SlowStartWatch {
  let start: SlowStart
  let first: ServerActivity.Sample
  let since: UInt64

  /// Nanoseconds between the two looks: what happens in between is what it is doing now.
  static let interval: UInt64 = 500_000_000

  var due: UInt64 { since + Self.interval }
}

extension Session {
  /// The relay says that the server has not answered: its processes are looked at.
  func take(_ start: SlowStart) {
    // A relay that someone took over tells no more than an honest one.
    guard slowStarts < SlowStart.moments.count, !handshaken, slowStart == nil, end == nil else {
      return
    }
    slowStarts += 1
    slowStart = SlowStartWatch(
      start: start, first: activity.sample(), since: Clock.monotonicNanoseconds())
  }

  func tellSlowStart(at now: UInt64) {
    guard let watch = slowStart, now >= watch.due else { return }
    slowStart = nil
    guard !handshaken, end == nil, teardown == nil else { return }
    let words = watch.start.lastWords.map { pins.shown(String(decoding: $0.line, as: UTF8.self)) }
    let told = SlowStartWords(
      watch.start, watch.first, activity.sample(), interval: now - watch.since, words: words,
      hasEgress: launch.egress != nil)
    tell(.slow(told.text, hint: told.hint))
  }
}
