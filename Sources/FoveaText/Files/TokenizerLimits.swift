import FoveaArray

/// What a tokenizer's files may say.
package enum TokenizerLimits {
  /// A number of tokens or characters from 1 up; `nil` where nothing is said. What is too large to count
  /// is no limit: Hugging Face's libraries write 10³⁰ where there is none.
  ///
  /// - Throws: `InputError` that names the setting where it is something else.
  package static func length(
    _ json: JSONValue, _ setting: String, at place: String
  ) throws -> Int? {
    if json.isNull { return nil }
    guard let number = json.number, number >= 1, number == number.rounded() else {
      throw InputError("\(setting) is not a whole number from 1 up", at: place)
    }
    return Int(exactly: number)
  }
}
