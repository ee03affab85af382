import FoundationEssentials
import FoveaArray
import FoveaInference
import FoveaNN
import FoveaTestSupport
import Testing

/// Folders of pretrained models that somebody else wrote.
struct StrangeModelTests {
  private func copy(_ model: String) throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    let folder = PretrainedModels.folder.appending(component: model)
    for file in ["config.json", "model.safetensors", "tokenizer.json"] {
      try Data(contentsOf: folder.appending(component: file)).write(to: copy.file(file))
    }
    return copy
  }

  /// Loads a model's folder as what it is.
  private func load(_ model: String, _ folder: URL) throws {
    if model == "bert" {
      _ = try SentenceEmbedder(contentsOf: folder)
    } else {
      _ = try TextGenerator(contentsOf: folder)
    }
  }

  private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.file(name)), as: UTF8.self)
  }

  @Test(arguments: ["bert", "gpt2"])
  func aConfigurationWithAnyValueReplacedIsRefusedOrUsable(_ model: String) throws {
    let folder = try copy(model)
    for variant in StrangeJSON.variants(of: try text(folder, "config.json")) {
      try folder.write(variant, "config.json")
      guard let error = try refusal({ try load(model, folder.url) }) else { continue }
      #expect(error.place?.hasPrefix(folder.path) == true, "\(error)")
    }
  }

  @Test(arguments: [
    (
      "bert", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1000000000",
      "over the limit of 256"
    ),
    ("gpt2", "\"n_layer\": 2", "\"n_layer\": 4611686018427387904", "over the limit of 256"),
    ("gpt2", "\"n_inner\": null", "\"n_inner\": -5", "n_inner is not a number from 1 up"),
    ("bert", "\"hidden_act\": \"gelu\"", "\"hidden_act\": 7", "hidden_act is no text"),
    ("bert", "\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": 0", "cannot be added to a variance"),
    ("bert", "\"vocab_size\": 900", "\"vocab_size\": 9007199254740992", "over the limit"),
  ])
  func sizesThatCannotBeAreNamed(
    _ model: String, _ old: String, _ new: String, _ message: String
  ) throws {
    let folder = try copy(model)
    let config = try text(folder, "config.json")
    try #require(config.contains(old))
    try folder.write(config.replacing(old, with: new), "config.json")
    let error = #expect(throws: InputError.self) { try load(model, folder.url) }
    #expect(error?.problem.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    #expect(error?.place?.hasSuffix("config.json") == true)
  }

  /// Weights that are not numbers are refused before a vector or a text is made of them.
  @Test(arguments: ["bert", "gpt2"], [Float.nan, .infinity, 3e38])
  func weightsThatAreNoNumbersAreRefused(_ model: String, _ value: Float) throws {
    let folder = try copy(model)
    let file = try Safetensors(contentsOf: folder.file("model.safetensors"))
    var arrays: [String: HostArray] = [:]
    for entry in file.entries { arrays[entry.name] = try file.array(entry.name) }
    let name = try #require(arrays.keys.filter { $0.hasSuffix(".bias") }.min())
    let array = try #require(arrays[name])
    arrays[name] = HostArray(array.shape, [value] + array.floats.dropFirst())
    try Safetensors.write(arrays, to: folder.file("model.safetensors"))
    let error = #expect(throws: InputError.self) { try load(model, folder.url) }
    #expect(error?.problem.hasPrefix("\(name) holds ") == true, "\(error.map { "\($0)" } ?? "")")
    #expect(error?.place?.hasSuffix("model.safetensors") == true)
  }

  @Test func aTextNeedsRoomBesideSpecialTokens() throws {
    let folder = try copy("bert")
    for (length, message) in [
      ("2", "a text of 2 tokens has no room beside 2 special ones"),
      ("-5", "max_seq_length is not a whole number from 1 up"),
      ("\"x\"", "max_seq_length is not a whole number from 1 up"),
    ] {
      try folder.write("{\"max_seq_length\": \(length)}", "sentence_bert_config.json")
      let error = #expect(throws: InputError.self) { try load("bert", folder.url) }
      #expect(error?.problem == message)
    }
    try folder.write("{\"max_seq_length\": null}", "sentence_bert_config.json")
    try load("bert", folder.url)
  }
}
