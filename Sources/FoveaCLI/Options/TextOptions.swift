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
    return options
  }
}

extension TextInput.LongTexts: ExpressibleByArgument {}
