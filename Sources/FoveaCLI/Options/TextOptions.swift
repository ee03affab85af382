public import ArgumentParser
import FoundationEssentials
public import Fovea

/// How texts are read.
struct TextOptions: ParsableArguments {
  @Option(
    help: """
      The folder or tokenizer.json of a tokenizer: WordPiece or byte-level BPE. (default: a \
      vocabulary is learned from the texts)
      """, completion: .file())
  var tokenizer: String?

  @Option(parsing: .unconditional, help: "Tokens that are learned at most, with 256 for bytes.")
  var vocabularySize = TextStore.Options().vocabularySize

  @Option(
    parsing: .unconditional,
    help: "Tokens of a text that are looked at together. (default: the longest, up to 512)")
  var mostTokens: Int?

  @Option(
    help: """
      Texts with more tokens: cut (the beginning counts), or windows (predictions are means over \
      parts; training takes the beginning).
      """)
  var longTexts = TextInput.LongTexts.cut

  func options() throws -> TextStore.Options {
    var options = TextStore.Options()
    options.tokenizer = tokenizer.map { URL(filePath: $0) }
    options.vocabularySize = vocabularySize
    options.mostTokens = mostTokens
    options.longTexts = longTexts
    // What does not depend on the data is wrong before they are read.
    try UsageError.checking {
      guard vocabularySize >= 300 else {
        throw InputError(
          "a vocabulary of \(vocabularySize) tokens is too small",
          advice: "Give 300 or more: bytes alone are 256")
      }
      guard (1...TextInput.largestTokenCount).contains(mostTokens ?? 1) else {
        throw InputError(
          "\(mostTokens ?? 0) tokens cannot be looked at together",
          advice: "Give a number from 1 to \(TextInput.largestTokenCount)")
      }
    }
    return options
  }
}

extension TextInput.LongTexts: ExpressibleByArgument {}
