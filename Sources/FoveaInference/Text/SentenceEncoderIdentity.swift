package import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaText

/// Which model made vectors of sentences: what was learned from one model's is nothing to another's.
package struct SentenceEncoderIdentity: Hashable, Sendable, Codable {
  /// The name of the model's folder, for people.
  package let name: String
  /// Numbers in a vector.
  package let width: Int
  /// The SHA-256 of all files that vectors depend on.
  package let digest: String

  private static let files = [
    "config.json", "model.safetensors", "modules.json", "sentence_bert_config.json",
    "1_Pooling/config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
  ]

  /// An identity that is known.
  package init(name: String, width: Int, digest: String) {
    self.name = name
    self.width = width
    self.digest = digest
  }

  /// The identity of a model's folder.
  ///
  /// - Parameter width: numbers in its vectors.
  /// - Throws: `InputError` where a file cannot be read.
  package init(_ folder: URL, width: Int) throws {
    var parts: [[UInt8]] = []
    for file in Self.files {
      let url = folder.appending(path: file)
      guard FileManager.default.fileExists(atPath: url.path) else { continue }
      let bytes = try TextBytes.read(url)
      // With its length, so that no byte can move from one file to the next.
      parts += [Array("\(file) \(bytes.count) ".utf8), bytes]
    }
    name = folder.standardizedFileURL.lastPathComponent
    self.width = width
    digest = ContentHash(parts).hexadecimal
  }

  /// Fails unless a scorer that was trained with this model is used with it.
  ///
  /// - Throws: `InputError` that names both.
  func check(_ given: SentenceEncoderIdentity, scorer: String) throws {
    let advice = "Give the model that it was trained with, \(name)"
    guard width == given.width else {
      throw InputError(
        "learned from vectors of \(width) numbers, those of \(given.name) have \(given.width)",
        at: scorer, advice: advice)
    }
    guard digest == given.digest else {
      throw InputError(
        "learned from vectors of another model than \(given.name): their files have the SHA-256 "
          + "\(digest.prefix(12))… and \(given.digest.prefix(12))…", at: scorer, advice: advice)
    }
  }
}
