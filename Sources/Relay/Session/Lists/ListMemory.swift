import Glibc
import JSON
import MCP
import Manifest

/// What a server has listed, remembered: hosts ask again and again for lists that do not change, and
/// a page that is the same, byte for byte but for the number of Cordon's request, says the same.
struct ListPage {
  /// The whole line.
  let line: [UInt8]
  /// Where the id of Cordon's request stands in it.
  let id: Range<Int>
  /// The raw cursor of the next page; nil for the last one.
  let cursor: [UInt8]?

  /// Bytes of one list's pages; a longer list is read anew each time.
  static let mostRemembered = 4 << 20

  /// Whether another line is this one as the answer to another request.
  func isSame(as other: Line, answering id: [UInt8]) -> Bool {
    let rest = self.id.upperBound..<line.count
    let start = self.id.lowerBound + id.count
    guard other.count == start + rest.count else { return false }
    return unsafe line.withUnsafeBytes { line in
      let known = unsafe Line(line)
      return known.isSame(0..<self.id.lowerBound, as: other, at: 0)
        && other.has(id, at: self.id.lowerBound..<start)
        && known.isSame(rest, as: other, at: start)
    }
  }
}

extension ItemList {
  /// Remembers a page, unless the list becomes too long for that.
  mutating func remember(_ message: Received, _ line: [UInt8], cursor: [UInt8]?) {
    guard message.isWholeLine, message.isOneLine, let id = message.envelope.id,
      pagesSize + line.count <= ListPage.mostRemembered
    else {
      pages = nil
      return
    }
    pagesSize += line.count
    pages?.append(ListPage(line: line, id: id, cursor: cursor))
  }
}

extension Session {
  /// Takes a page that is the same as when the list was last read.
  ///
  /// It was read strictly then; and what was made of it depends on nothing else but what is decided,
  /// which is looked at again.
  ///
  /// - Returns: whether the line is one.
  mutating func receiveKnownPage(_ line: Line, at now: UInt64) -> Bool {
    guard lists.isAsking else { return false }
    for kind in ListKind.allCases {
      guard let refresh = lists[kind].refresh, refresh.known == refresh.pages,
        let pages = lists[kind].last?.pages, pages.indices.contains(refresh.pages),
        pages[refresh.pages].isSame(as: line, answering: refresh.id.encoded)
      else { continue }
      firstAnswer.note()
      lists[kind].refresh?.pages += 1
      lists[kind].refresh?.known += 1
      if let cursor = pages[refresh.pages].cursor {
        askForPage(kind, cursor: cursor, at: now)
      } else {
        completeKnown(kind, at: now)
      }
      return true
    }
    return false
  }

  /// The whole list is what it was.
  private mutating func completeKnown(_ kind: ListKind, at now: UInt64) {
    guard var refresh = lists[kind].refresh, let last = lists[kind].last else { return }
    lists[kind].refresh = nil
    refresh.list = last
    guard last.judgement?.pins == pinsNumber, !last.hasInterfaces else {
      return complete(kind, refresh, at: now)
    }
    if restart(kind, at: now) { return }
    tellLeftOut(of: last)
    answerWaiting(kind, last, pages: refresh.pages, at: now)
    tellVisibleChange()
  }

  /// The pages before this one were those that were remembered, and this one is another: they are read
  /// after all.
  mutating func readKnownPages(
    _ kind: ListKind, into refresh: inout ListState.Refresh
  ) throws(ListError) {
    let pages = lists[kind].last?.pages?.prefix(refresh.known) ?? []
    guard pages.count == refresh.known else { throw .noItems }
    refresh.known = 0
    for (index, page) in pages.enumerated() {
      let added: Result<[UInt8]?, ListError> = unsafe page.line.withUnsafeBytes { bytes in
        guard let message = unsafe received(bytes), let result = message.result else {
          return .failure(.noItems)
        }
        do throws(ListError) {
          return .success(
            try refresh.list.add(
              message, result, isFirst: index == 0, pins: pins, limit: settings.messageSize))
        } catch {
          return .failure(error)
        }
      }
      _ = try added.get()
    }
  }

  /// Nil for a line that was not read before.
  private func received(_ bytes: UnsafeRawBufferPointer) -> Received? {
    do throws(EnvelopeError) {
      guard case .single(let envelope) = try unsafe Message.read(bytes, limits: limits) else {
        return nil
      }
      return unsafe Received(line: Line(bytes), envelope: envelope, isWholeLine: true)
    } catch {
      return nil
    }
  }
}

extension Line {
  /// Whether a run of these bytes stands in another line at `start`.
  func isSame(_ range: Range<Int>, as other: Line, at start: Int) -> Bool {
    guard start >= 0, other.count - start >= range.count else { return false }
    guard let base = unsafe bytes[range].base.baseAddress,
      let there = unsafe other.bytes.baseAddress, !range.isEmpty
    else { return range.isEmpty }
    // Slicing has checked one range, the lines above the other.
    return unsafe memcmp(base + range.lowerBound, there + start, range.count) == 0
  }
}
