import FoundationEssentials
import FoveaArray
import FoveaInference
import FoveaText

extension Kind {
  /// What other people's models come in.
  static let models: [Kind] = [
    Kind("tokenizer", changed: { JSONMutation.changed($0, &$1) }) { url in
      try readTokenizer(url)
    },
    Kind(
      "vocabulary", target: "vocab.txt", changed: { TextMutation.changed($0, &$1) },
      read: readTokenizer),
    Kind(
      "bert-config", target: "config.json", changed: { JSONMutation.changed($0, &$1) },
      read: readEmbedder),
    Kind(
      "bert-weights", target: "model.safetensors",
      changed: { SafetensorsMutation.changed($0, &$1) },
      read: readEmbedder),
    Kind(
      "bert-tokenizer", target: "tokenizer.json", changed: { JSONMutation.changed($0, &$1) },
      read: readEmbedder),
    Kind(
      "gpt-config", target: "config.json", changed: { JSONMutation.changed($0, &$1) },
      read: readGenerator),
    Kind(
      "gpt-weights", target: "model.safetensors", changed: { SafetensorsMutation.changed($0, &$1) },
      read: readGenerator),
    Kind("safetensors", changed: { SafetensorsMutation.changed($0, &$1) }) { url in
      let file = try Safetensors(contentsOf: url)
      for entry in file.entries { _ = try file.array(entry.name) }
    },
  ]

  private static let text = "The cat's new naïve bridge, 日本 12 [MASK] <|endoftext|> 👩‍👧\n"

  private static let readTokenizer: @Sendable (URL) throws -> Void = { url in
    let tokenizer = try Tokenizer(contentsOf: url)
    let tokens = tokenizer.encode(text)
    _ = tokens.characterRanges(in: text)
    _ = tokenizer.decode(tokens.ids)
    for id in tokens.ids { _ = tokenizer.token(id) }
  }

  private static let readEmbedder: @Sendable (URL) async throws -> Void = { folder in
    let vector = try await SentenceEmbedder(contentsOf: folder, threads: 1).embedding(of: text)
    try Fault.check(vector.lazy.map(Double.init), "an embedding")
  }

  private static let readGenerator: @Sendable (URL) async throws -> Void = { folder in
    let generator = try TextGenerator(contentsOf: folder, threads: 1)
    _ = try await generator.text(after: "The cat", options: .init(maximumTokens: 2))
  }
}

/// Changes of a file of named arrays: in its header, whose length is right again, and in its numbers.
enum SafetensorsMutation {
  static func changed(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    guard bytes.count > 8, !dice.one(in: 4) else { return ByteMutation.changed(bytes, &dice) }
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = Array(bytes[8..<(8 + length)])
    var data = Array(bytes[(8 + length)...])
    if dice.one(in: 2) {
      return file(JSONMutation.changed(header, &dice), data)
    }
    for _ in 0...dice.below(4) where data.count >= 4 {
      let place = 4 * dice.below(data.count / 4)
      let number = dice.pick(ByteMutation.floats).bitPattern
      for index in 0..<4 {
        data[place + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index))
      }
    }
    return file(header, data)
  }

  static func file(_ header: [UInt8], _ data: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
  }
}
