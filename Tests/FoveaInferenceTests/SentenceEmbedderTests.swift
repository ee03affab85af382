import FoundationEssentials
import FoveaArray
import FoveaInference
import FoveaNN
import FoveaTestSupport
import FoveaText
import Testing

struct SentenceEmbedderTests {
  private let folder = PretrainedModels.folder.appending(component: "bert")

  /// A copy of the model's folder, to be spoilt.
  private func copy(
    _ files: [String] = ["config.json", "model.safetensors", "tokenizer.json"]
  )
    throws -> TemporaryFolder
  {
    let copy = try TemporaryFolder()
    for file in files {
      try Data(contentsOf: folder.appending(component: file)).write(to: copy.file(file))
    }
    return copy
  }

  private func message(_ folder: TemporaryFolder) -> String {
    do {
      _ = try SentenceEmbedder(contentsOf: folder.url)
      return ""
    } catch {
      return "\(error)".replacing(folder.path, with: "m")
    }
  }

  @Test func embeddingsAreThoseOfTheTransformersPackage() async throws {
    let recorded = try PretrainedModels.recorded().bert
    let embedder = try SentenceEmbedder(contentsOf: folder)
    let vectors = try await embedder.embeddings(of: recorded.texts)
    for (found, expected) in zip(vectors, recorded.embeddings) {
      #expect(found.count == embedder.width)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
      #expect(SentenceEmbedder.cosine(found, expected) > 0.9999)
    }
    let long = String(repeating: "the ", count: 100)
    #expect(embedder.droppedTokens(of: long) == embedder.tokenizer.encode(long).count - 64)
  }

  @Test func anEmbeddingDoesNotDependOnWhatRunsBesideIt() async throws {
    let embedder = try SentenceEmbedder(contentsOf: folder)
    let texts = (1...40).map { String(repeating: "the word ", count: $0 % 13 + 1) + "\($0)" }
    let together = try await embedder.embeddings(of: texts)
    for (text, vector) in zip(texts, together) {
      let alone = try await embedder.embedding(of: text)
      #expect(zip(alone, vector).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  // MARK: int8

  private static let realModel = ProcessInfo.processInfo.environment["FOVEA_MINILM"].map {
    URL(filePath: $0)
  }

  private func expectNearlyTheSame(_ folder: URL, _ texts: [String]) async throws {
    let exact = try await SentenceEmbedder(contentsOf: folder).embeddings(of: texts)
    let embedder = try SentenceEmbedder(contentsOf: folder, precision: .int8)
    let found = try await embedder.embeddings(of: texts)
    for (found, exact) in zip(found, exact) {
      #expect(SentenceEmbedder.cosine(found, exact) >= 0.99)
      #expect(abs(found.map { $0 * $0 }.reduce(0, +) - 1) < 1e-5)
    }
    #expect(found != exact)
    // What runs beside a text changes roundings at most.
    let alone = try await embedder.embedding(of: texts[0])
    #expect(SentenceEmbedder.cosine(alone, found[0]) > 0.999)
  }

  @Test func bytesGiveNearlyTheSameEmbeddings() async throws {
    try await expectNearlyTheSame(folder, try PretrainedModels.recorded().bert.texts)
  }

  @Test(
    .enabled(if: realModel != nil, "Set FOVEA_MINILM to the folder of all-MiniLM-L6-v2."))
  func bytesGiveNearlyTheSameEmbeddingsWithRealWeights() async throws {
    let sentences = [
      "A cat sleeps on the sofa.", "Ein Hund bellt.", "", "!", "The committee adjourned at noon.",
      "Prices of crude oil rose by 3.2 percent on Tuesday.", "日本語の文章です。",
    ]
    let long = (0..<60).map { sentences[$0 % sentences.count] }.joined(separator: " ")
    try await expectNearlyTheSame(
      try #require(Self.realModel), sentences + [long] + sentences.map { "\($0) \($0)" })
  }

  // MARK: Settings

  @Test func otherSettingsOfPoolingAreFollowedOrRefused() async throws {
    let copy = try copy()
    try FileManager.default.createDirectory(
      at: copy.file("1_Pooling"), withIntermediateDirectories: true)
    try Data(
      #"[{"type": "a.Transformer", "path": ""}, {"type": "a.Pooling", "path": "1_Pooling"}]"#.utf8
    ).write(to: copy.file("modules.json"))
    try Data(#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#.utf8)
      .write(to: copy.file("1_Pooling/config.json"))
    let first = try await SentenceEmbedder(contentsOf: copy.url).embedding(of: "the word")
    let mean = try await SentenceEmbedder(contentsOf: folder).embedding(of: "the word")
    #expect(SentenceEmbedder.cosine(first, mean) < 0.999)
    // Not brought to length 1.
    #expect(first.map { $0 * $0 }.reduce(0, +) > 1.5)
    try Data(#"{"pooling_mode_max_tokens": true}"#.utf8)
      .write(to: copy.file("1_Pooling/config.json"))
    #expect(
      message(copy)
        == "m/1_Pooling: pooling_mode_max_tokens is not supported. "
        + "Fovea knows the mean over tokens and the vector of [CLS]")
    try Data(#"[{"type": "a.Dense", "path": ""}]"#.utf8).write(to: copy.file("modules.json"))
    #expect(
      message(copy)
        == "m/modules.json: the module Dense is not supported. "
        + "Fovea knows Transformer, Pooling and Normalize")
  }

  @Test func whatIsMissingOrDoesNotFitIsNamed() throws {
    #expect(
      message(try copy(["tokenizer.json"]))
        == "m: holds no config.json. A model's folder has config.json, model.safetensors and a "
        + "tokenizer")
    #expect(
      message(try copy(["config.json"]))
        == "m: holds no model.safetensors. Weights of PyTorch's own format have to be converted to "
        + "safetensors first")
    let wider = try copy()
    let config = String(
      decoding: try Data(contentsOf: folder.appending(component: "config.json")), as: UTF8.self)
    try Data(config.replacing("\"intermediate_size\": 40", with: "\"intermediate_size\": 48").utf8)
      .write(to: wider.file("config.json"))
    #expect(
      message(wider)
        == "m/model.safetensors: tensor encoder.layer.0.intermediate.dense.weight is F32[40, 16], "
        + "config.json asks for float[48, 16]. Weights and configuration are of different models")
    let deeper = try copy()
    try Data(config.replacing("\"num_hidden_layers\": 2", with: "\"num_hidden_layers\": 3").utf8)
      .write(to: deeper.file("config.json"))
    #expect(
      message(deeper)
        == "m/model.safetensors: holds no tensor called "
        + "encoder.layer.2.attention.self.query.weight. The model's config.json asks for it")
    let other = try copy()
    try Data(config.replacing("\"model_type\": \"bert\"", with: "\"model_type\": \"roberta\"").utf8)
      .write(to: other.file("config.json"))
    #expect(
      message(other)
        == "m/config.json: a model of the kind roberta is not supported here. It should be bert")
    let strange = try copy()
    try Data(config.replacing("\"hidden_act\": \"gelu\"", with: "\"hidden_act\": \"swish\"").utf8)
      .write(to: strange.file("config.json"))
    #expect(message(strange) == "m/config.json: hidden_act swish is not supported")
  }
}
