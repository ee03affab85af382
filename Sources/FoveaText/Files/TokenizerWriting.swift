public import FoundationEssentials
import FoveaArray

extension Tokenizer {
  /// Writes a `tokenizer.json`, which `init(contentsOf:)` and Hugging Face's libraries read.
  ///
  /// - Throws: `InputError` when the file cannot be written.
  public func write(to url: URL) throws {
    try AtomicFile.write(Data(json.encoded), to: url)
  }

  /// The tokenizer that a `tokenizer.json` describes.
  ///
  /// - Parameter name: names the text in errors.
  /// - Throws: `InputError` where it is broken, or asks for what is not supported.
  package init(json text: String, name: String) throws {
    self = try TokenizerFile(JSONValue(Array(text.utf8), name: name), name: name).tokenizer()
  }

  /// What a `tokenizer.json` holds.
  package var json: JSONValue {
    .members([
      "version": .text("1.0"),
      "truncation": maximumLength.map {
        .members([
          "direction": .text("Right"), "max_length": .whole($0),
          "strategy": .text("LongestFirst"), "stride": .whole(0),
        ])
      } ?? .null,
      "padding": .null,
      "added_tokens": .array(added.tokens.map(\.json)),
      "normalizer": normalizerJSON, "pre_tokenizer": splitJSON,
      "post_processor": finishJSON, "decoder": decoderJSON, "model": modelJSON,
    ])
  }

  private var normalizerJSON: JSONValue {
    guard case .bert(let normalizer) = normalizer else { return .null }
    return .members([
      "type": .text("BertNormalizer"), "clean_text": .bool(normalizer.cleansText),
      "handle_chinese_chars": .bool(normalizer.spacesIdeographs),
      "strip_accents": .bool(normalizer.stripsAccents),
      "lowercase": .bool(normalizer.lowercases),
    ])
  }

  private var splitJSON: JSONValue {
    switch split {
    case .bert: .members(["type": .text("BertPreTokenizer")])
    case .byteLevel(let addsSpace, let usesWords):
      .members([
        "type": .text("ByteLevel"), "add_prefix_space": .bool(addsSpace),
        "trim_offsets": .bool(true), "use_regex": .bool(usesWords),
      ])
    }
  }

  private var decoderJSON: JSONValue {
    switch model {
    case .wordPiece(let pieces):
      .members([
        "type": .text("WordPiece"), "prefix": .text(pieces.prefix), "cleanup": .bool(true),
      ])
    case .bytePairs:
      .members([
        "type": .text("ByteLevel"), "add_prefix_space": .bool(true), "trim_offsets": .bool(true),
        "use_regex": .bool(true),
      ])
    }
  }

  private var finishJSON: JSONValue {
    var parts: [JSONValue] = []
    if finish.trimsSpace {
      parts.append(
        .members([
          "type": .text("ByteLevel"), "add_prefix_space": .bool(finish.addsSpace),
          "trim_offsets": .bool(true), "use_regex": .bool(true),
        ]))
    }
    if !(finish.before + finish.after).isEmpty { parts.append(templateJSON) }
    if parts.count == 2 {
      return .members(["type": .text("Sequence"), "processors": .array(parts)])
    }
    return parts.first ?? .null
  }

  private var templateJSON: JSONValue {
    func name(_ id: Int32) -> JSONValue { .string(vocabulary.token(id) ?? []) }
    func special(_ id: Int32) -> JSONValue {
      .members(["SpecialToken": .members(["id": name(id), "type_id": .whole(0)])])
    }
    func sequence(_ id: String) -> JSONValue {
      .members(["Sequence": .members(["id": .text(id), "type_id": .whole(0)])])
    }
    let (before, after) = (finish.before.map(special), finish.after.map(special))
    var seen: Set<Int32> = []
    let ids = (finish.before + finish.after).filter { seen.insert($0).inserted }
    return .members([
      "type": .text("TemplateProcessing"), "single": .array(before + [sequence("A")] + after),
      "pair": .array(before + [sequence("A")] + after + [sequence("B")] + after),
      "special_tokens": .object(
        ids.map { id in
          JSONValue.Member(
            name: vocabulary.token(id) ?? [],
            value: .members([
              "id": name(id), "ids": .array([.whole(id)]), "tokens": .array([name(id)]),
            ]))
        }),
    ])
  }

  private var modelJSON: JSONValue {
    switch model {
    case .wordPiece(let pieces):
      return .members([
        "type": .text("WordPiece"),
        "unk_token": .string(vocabulary.token(pieces.unknown) ?? []),
        "continuing_subword_prefix": .text(pieces.prefix),
        "max_input_chars_per_word": .whole(pieces.mostCharacters),
        "vocab": .object(
          pieces.tokens.map { JSONValue.Member(name: $0.token, value: .whole($0.id)) }),
      ])
    case .bytePairs(let pairs):
      // A byte without a token of its own is written as the unknown token.
      let unknown = (0...255).first { (byte: UInt8) in
        vocabulary[ByteAlphabet.token(of: [byte])] == nil
      }.flatMap { vocabulary.token(pairs.byteTokens[Int($0)]) }
      return .members([
        "type": .text("BPE"), "dropout": .null,
        "unk_token": unknown.map { .string($0) } ?? .null,
        "continuing_subword_prefix": .null, "end_of_word_suffix": .null,
        "fuse_unk": .bool(false), "byte_fallback": .bool(false), "ignore_merges": .bool(false),
        "vocab": .object(
          vocabulary.tokens.enumerated().compactMap { id, token in
            token.map { JSONValue.Member(name: $0, value: .whole(id)) }
          }),
        "merges": .array(
          pairs.pairs.map { pair in
            .array(
              [pair.left, pair.right].map { .string(vocabulary.token($0) ?? []) })
          }),
      ])
    }
  }
}

extension AddedTokens.Token {
  fileprivate var json: JSONValue {
    .members([
      "id": .whole(id), "content": .string(content), "single_word": .bool(false),
      "lstrip": .bool(takesSpaceBefore), "rstrip": .bool(takesSpaceAfter),
      "normalized": .bool(false), "special": .bool(isSpecial),
    ])
  }
}
