import JSON

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Nil when the tree reader accepts.
func treeError(_ source: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONError? {
  do throws(JSONError) {
    _ = try JSONReader.parse(source, limits: limits)
    return nil
  } catch {
    return error
  }
}

/// Nil when the outline accepts.
func outlineError(_ source: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONError? {
  do throws(JSONError) {
    _ = try JSONOutline.scan(source, limits: limits)
    return nil
  } catch {
    return error
  }
}
