import JSON
import Testing

@Suite("JSONTestSuite")
struct TestSuiteTests {
  static let folder = "json-test-suite/test_parsing"
  static let files = TestData.files(in: folder)

  enum Decision: Equatable {
    case accept
    case refuse(JSONError.Reason)
  }

  /// What RFC 8259 leaves open, decided. Numbers keep their text, so none is too large. Text that is not
  /// Unicode, in whatever spelling, is refused; so are a byte order mark and any encoding but UTF-8.
  static let decisions: [String: Decision] = [
    "i_number_double_huge_neg_exp.json": .accept,
    "i_number_huge_exp.json": .accept,
    "i_number_neg_int_huge_exp.json": .accept,
    "i_number_pos_double_huge_exp.json": .accept,
    "i_number_real_neg_overflow.json": .accept,
    "i_number_real_pos_overflow.json": .accept,
    "i_number_real_underflow.json": .accept,
    "i_number_too_big_neg_int.json": .accept,
    "i_number_too_big_pos_int.json": .accept,
    "i_number_very_big_negative_int.json": .accept,
    "i_object_key_lone_2nd_surrogate.json": .refuse(.loneSurrogate),
    "i_string_1st_surrogate_but_2nd_missing.json": .refuse(.loneSurrogate),
    "i_string_1st_valid_surrogate_2nd_invalid.json": .refuse(.loneSurrogate),
    "i_string_UTF-16LE_with_BOM.json": .refuse(.invalidUTF8),
    "i_string_UTF-8_invalid_sequence.json": .refuse(.invalidUTF8),
    "i_string_UTF8_surrogate_U+D800.json": .refuse(.invalidUTF8),
    "i_string_incomplete_surrogate_and_escape_valid.json": .refuse(.loneSurrogate),
    "i_string_incomplete_surrogate_pair.json": .refuse(.loneSurrogate),
    "i_string_incomplete_surrogates_escape_valid.json": .refuse(.loneSurrogate),
    "i_string_invalid_lonely_surrogate.json": .refuse(.loneSurrogate),
    "i_string_invalid_surrogate.json": .refuse(.loneSurrogate),
    "i_string_invalid_utf-8.json": .refuse(.invalidUTF8),
    "i_string_inverted_surrogates_U+1D11E.json": .refuse(.loneSurrogate),
    "i_string_iso_latin_1.json": .refuse(.invalidUTF8),
    "i_string_lone_second_surrogate.json": .refuse(.loneSurrogate),
    "i_string_lone_utf8_continuation_byte.json": .refuse(.invalidUTF8),
    "i_string_not_in_unicode_range.json": .refuse(.invalidUTF8),
    "i_string_overlong_sequence_2_bytes.json": .refuse(.invalidUTF8),
    "i_string_overlong_sequence_6_bytes.json": .refuse(.invalidUTF8),
    "i_string_overlong_sequence_6_bytes_null.json": .refuse(.invalidUTF8),
    "i_string_truncated-utf-8.json": .refuse(.invalidUTF8),
    "i_string_utf16BE_no_BOM.json": .refuse(.controlCharacter),
    "i_string_utf16LE_no_BOM.json": .refuse(.controlCharacter),
    "i_structure_500_nested_arrays.json": .refuse(.tooDeep),
    "i_structure_UTF-8_BOM_empty_object.json": .refuse(.byteOrderMark),
  ]

  /// Two vectors of the suite repeat a key; RFC 8259 calls that unpredictable, and we refuse it.
  static let repeatedKeys: Set<String> = [
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
  ]

  @Test func theSuiteIsThere() {
    #expect(Self.files.filter { $0.hasPrefix("y_") }.count == 95)
    #expect(Self.files.filter { $0.hasPrefix("n_") }.count == 188)
    #expect(Set(Self.files.filter { $0.hasPrefix("i_") }) == Set(Self.decisions.keys))
  }

  @Test(arguments: files) func decides(_ file: String) throws {
    let source = try #require(TestData.read("\(Self.folder)/\(file)"))
    let error = treeError(source)
    #expect(error == outlineError(source))
    switch file.prefix(2) {
    case "y_" where Self.repeatedKeys.contains(file): #expect(error?.reason == .duplicateKey)
    case "y_": #expect(error == nil)
    case "n_": #expect(error != nil)
    default: #expect(Self.decisions[file] == error.map { .refuse($0.reason) } ?? .accept)
    }
  }
}
