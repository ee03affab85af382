public import FoundationEssentials
import FoveaArray

extension BERT {
  /// The network and its weights in a folder as Hugging Face's libraries write them: `config.json` and
  /// `model.safetensors`.
  ///
  /// - Throws: `InputError` when it is another kind of model, or weights do not fit the
  ///   configuration; the tensor is named.
  public static func pretrained(_ folder: URL) throws -> (network: BERT, weights: Weights) {
    let configuration = try PretrainedConfiguration(folder)
    try configuration.require("bert")
    if let kind = try configuration.text("position_embedding_type"), kind != "absolute" {
      throw InputError(
        "position_embedding_type \(kind) is not supported", at: configuration.place)
    }
    var options = Options()
    options.vocabulary = try configuration.size("vocab_size")
    options.length = try configuration.size("max_position_embeddings")
    options.kinds = try configuration.size("type_vocab_size")
    options.width = try configuration.size("hidden_size")
    options.heads = try configuration.size("num_attention_heads")
    options.layers = try configuration.size("num_hidden_layers")
    options.style.hidden = try configuration.size("intermediate_size")
    options.style.activation = try configuration.activation("hidden_act")
    options.style.epsilon = Float(try configuration.number("layer_norm_eps") ?? 1e-12)
    let network = try configuration.named { try BERT(options) }
    return (network, try network.weights(PretrainedTensors(folder, prefix: "bert.")))
  }

  /// The paths of the weights of all dense layers.
  package var denseWeights: Set<String> {
    Set(
      layers.indices.flatMap { layer in
        ["attention.qkv", "attention.output", "up", "down"].map { "layers.\(layer).\($0).weight" }
      })
  }

  private func weights(_ file: PretrainedTensors) throws -> Weights {
    let width = options.width
    let hidden = options.style.hidden ?? 4 * width
    var weights = Weights()
    func norm(_ path: String, _ name: String) throws {
      weights["\(path).weight"] = try file.array("\(name).weight", or: "\(name).gamma", [width])
      weights["\(path).bias"] = try file.array("\(name).bias", or: "\(name).beta", [width])
    }
    func dense(_ path: String, _ name: String, _ inputs: Int, _ outputs: Int) throws {
      weights["\(path).weight"] = try file.array("\(name).weight", [outputs, inputs])
      weights["\(path).bias"] = try file.array("\(name).bias", [outputs])
    }
    weights["tokens.weight"] = try file.array(
      "embeddings.word_embeddings.weight", [options.vocabulary, width])
    weights["positions"] = try file.array(
      "embeddings.position_embeddings.weight", [options.length, width])
    weights["kinds"] = try file.array(
      "embeddings.token_type_embeddings.weight", [options.kinds, width])
    try norm("norm", "embeddings.LayerNorm")
    for layer in 0..<options.layers {
      let (path, name) = ("layers.\(layer)", "encoder.layer.\(layer)")
      let parts = ["query", "key", "value"].map { "\(name).attention.self.\($0)" }
      weights["\(path).attention.qkv.weight"] = HostArray(
        [3 * width, width],
        try parts.flatMap { try file.array("\($0).weight", [width, width]).floats })
      weights["\(path).attention.qkv.bias"] = HostArray(
        [3 * width], try parts.flatMap { try file.array("\($0).bias", [width]).floats })
      try dense("\(path).attention.output", "\(name).attention.output.dense", width, width)
      try norm("\(path).norm1", "\(name).attention.output.LayerNorm")
      try dense("\(path).up", "\(name).intermediate.dense", width, hidden)
      try dense("\(path).down", "\(name).output.dense", hidden, width)
      try norm("\(path).norm2", "\(name).output.LayerNorm")
    }
    return weights
  }
}

extension GPT {
  /// The network and its weights in a folder of GPT-2's kind as Hugging Face's libraries write it:
  /// `config.json` and `model.safetensors`.
  ///
  /// - Throws: `InputError` when it is another kind of model, or weights do not fit the
  ///   configuration; the tensor is named.
  public static func pretrained(_ folder: URL) throws -> (network: GPT, weights: Weights) {
    let configuration = try PretrainedConfiguration(folder)
    try configuration.require("gpt2")
    for (option, usual) in [
      ("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false),
      ("tie_word_embeddings", true), ("add_cross_attention", false),
    ] where try (configuration.bool(option) ?? usual) != usual {
      throw InputError("\(option) \(!usual) is not supported", at: configuration.place)
    }
    var options = Options()
    options.vocabulary = try configuration.size("vocab_size")
    options.length = try configuration.size("n_positions", or: "n_ctx")
    options.width = try configuration.size("n_embd")
    options.heads = try configuration.size("n_head")
    options.layers = try configuration.size("n_layer")
    options.style.hidden = try configuration.optionalSize("n_inner")
    options.style.activation =
      try configuration.text("activation_function") == nil
      ? .geluTanh : try configuration.activation("activation_function")
    options.style.epsilon = Float(try configuration.number("layer_norm_epsilon") ?? 1e-5)
    let network = try configuration.named { try GPT(options) }
    return (network, try network.weights(PretrainedTensors(folder, prefix: "transformer.")))
  }

  private func weights(_ file: PretrainedTensors) throws -> Weights {
    let width = options.width
    let hidden = options.style.hidden ?? 4 * width
    var weights = Weights()
    func norm(_ path: String, _ name: String) throws {
      weights["\(path).weight"] = try file.array("\(name).weight", [width])
      weights["\(path).bias"] = try file.array("\(name).bias", [width])
    }
    func dense(_ path: String, _ name: String, _ inputs: Int, _ outputs: Int) throws {
      weights["\(path).weight"] = try file.transposed(
        "\(name).weight", inputs: inputs, outputs: outputs)
      weights["\(path).bias"] = try file.array("\(name).bias", [outputs])
    }
    weights["tokens.weight"] = try file.array("wte.weight", [options.vocabulary, width])
    weights["positions"] = try file.array("wpe.weight", [options.length, width])
    for layer in 0..<options.layers {
      let (path, name) = ("layers.\(layer)", "h.\(layer)")
      try norm("\(path).norm1", "\(name).ln_1")
      try dense("\(path).attention.qkv", "\(name).attn.c_attn", width, 3 * width)
      try dense("\(path).attention.output", "\(name).attn.c_proj", width, width)
      try norm("\(path).norm2", "\(name).ln_2")
      try dense("\(path).up", "\(name).mlp.c_fc", width, hidden)
      try dense("\(path).down", "\(name).mlp.c_proj", hidden, width)
    }
    try norm("norm", "ln_f")
    return weights
  }
}
