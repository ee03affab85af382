import Fovea

/// Text: files, tokens, summaries, generation.
let textProbes: [Probe] = [
  .throwing("TextFile: https") { _ in _ = try TextFile.read(Runs.address) },
  .throwing("Tokenizer: https") { _ in _ = try Tokenizer(contentsOf: Runs.address) },
  .throwing("Tokenizer: a folder without one") { _ = try Tokenizer(contentsOf: $0.foreign) },
  .trapping("SegmentedText: words outside") { _ in _ = SegmentedText("a b").words(in: 0..<99) },
  .trapping("SegmentedText: a span outside") { _ in _ = SegmentedText("a b").span(2..<99) },
  .trapping("SentenceEmbedder: cosine of different lengths") { _ in
    _ = SentenceEmbedder.cosine([1], [1, 2])
  },
  .throwing("SentenceEmbedder: https") { _ in _ = try SentenceEmbedder(contentsOf: Runs.address) },
  .throwing("TextGenerator: a folder without a model") {
    _ = try TextGenerator(contentsOf: $0.foreign)
  },
  .throwing("TextGenerator: https") { _ in _ = try TextGenerator(contentsOf: Runs.address) },
  .throwing("Summarizer: no sentences wanted") { _ in
    _ = try await Summarizer(.lead).summary(of: "One. Two.", length: .sentences(0))
  },
  .throwing("Summarizer: a method that needs a model") { _ in _ = try Summarizer(.centrality) },
  .throwing("Summarizer: https") { _ in
    _ = try Summarizer(scorer: Runs.address, model: Runs.address)
  },
  .throwing("BERT: https") { _ in _ = try BERT.pretrained(Runs.address) },
  .throwing("GPT: a folder without a model") { _ = try GPT.pretrained($0.foreign) },
]
