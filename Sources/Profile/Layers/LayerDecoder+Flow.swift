import JSON

extension LayerDecoder {
  func decodeFlow(_ root: Cursor, into layer: inout ProfileLayer) throws(ProfileError) {
    for limit in FlowLimit.allCases {
      let (object, key) = limit.place
      guard let cursor = root.child(JSONString(object))?.child(JSONString(key)) else { continue }
      layer.flow.set(limit, try value(of: limit, cursor))
    }
  }

  private func value(
    of limit: FlowLimit, _ cursor: Cursor
  ) throws(ProfileError) -> Sourced<Int> {
    let range = limit.range
    switch limit.unit {
    case .count:
      let count = try cursor.limit(range)
      return Sourced(count.value.count, count.origin)
    case .size:
      let size = try cursor.size(
        SizeValue(bytes: range.lowerBound)...SizeValue(bytes: range.upperBound))
      return Sourced(size.value.bytes, size.origin)
    case .duration:
      let time = try cursor.duration(
        DurationValue(seconds: range.lowerBound)...DurationValue(seconds: range.upperBound))
      return Sourced(time.value.seconds, time.origin)
    }
  }
}
