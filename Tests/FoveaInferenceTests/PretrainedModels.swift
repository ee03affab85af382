import FoundationEssentials

/// Small models with random weights, made by `Tests/References/language_models.py` with the
/// `transformers` package, and what that computes with them.
struct PretrainedModels: Decodable, Sendable {
  struct Embeddings: Decodable, Sendable {
    let texts: [String]
    let embeddings: [[Float]]
  }

  struct Logits: Decodable, Sendable {
    let texts: [String]
    let logits: [[Float]]
    let greedy: [Int32]
  }

  let bert: Embeddings
  let gpt2: Logits

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "References/models")

  static func recorded() throws -> PretrainedModels {
    try JSONDecoder().decode(
      PretrainedModels.self, from: Data(contentsOf: folder.appending(component: "results.json")))
  }
}
