import JSON
import Manifest

/// What a person goes through, in its order, and what became of each.
struct ReviewQueue {
  struct Entry {
    let store: ServerStore
    let key: ItemKey
    /// Decided about, or no longer waiting.
    var isDone = false
  }

  private struct Place: Hashable {
    let server: JSONString
    let key: ItemKey
  }

  private(set) var entries: [Entry] = []
  private(set) var position = 0

  private var indices: [Place: Int] = [:]

  var current: Entry? { entries.indices.contains(position) ? entries[position] : nil }
  var hasEarlier: Bool { earlier != nil }

  /// - Returns: false where the item is in it.
  mutating func add(_ key: ItemKey, of store: ServerStore) -> Bool {
    // What came to wait again, with another content, is asked about once more.
    if let index = index(key, store) {
      defer { entries[index].isDone = false }
      return entries[index].isDone
    }
    indices[Place(server: JSONString(store.name), key: key)] = entries.count
    entries.append(Entry(store: store, key: key))
    return true
  }

  mutating func finish(_ key: ItemKey, of store: ServerStore) {
    if let index = index(key, store) { entries[index].isDone = true }
  }

  /// To the next that is not done; past the end where there is none.
  mutating func advance() {
    repeat { position += 1 } while current?.isDone == true
  }

  /// To the last one before that is not done; stays where there is none.
  mutating func goBack() {
    if let earlier { position = earlier }
  }

  private var earlier: Int? {
    entries[..<min(position, entries.count)].lastIndex { !$0.isDone }
  }

  private func index(_ key: ItemKey, _ store: ServerStore) -> Int? {
    indices[Place(server: JSONString(store.name), key: key)]
  }
}
