import FoveaArray

/// A `tokenizer.json` as Hugging Face's libraries write it.
///
/// What it asks for that cannot be had here is refused by name: a text cut otherwise than the model
/// was trained with gives wrong answers without a word.
package struct TokenizerFile {
  private let json: JSONValue
  private let name: String

  /// - Parameter name: names the file in errors.
  package init(_ json: JSONValue, name: String) {
    self.json = json
    self.name = name
  }

  package func tokenizer() throws -> Tokenizer {
    let model = json["model"]
    guard !model.isNull else { throw InputError("holds no model of a tokenizer", at: name) }
    let kind = try modelKind(model)
    var vocabulary = try vocabulary(model["vocab"])
    let added = try addedTokens()
    for token in added.tokens { try vocabulary.add(token.content, id: token.id, name: name) }
    var before = try split()
    let normalizer = try normalizer()
    if case .byteLevel = before, kind == "WordPiece" {
      throw unsupported("pre_tokenizer ByteLevel with the model WordPiece")
    }
    if before == nil, kind == "WordPiece" { before = .bert }
    guard let before else { throw unsupported("the model BPE without the pre_tokenizer ByteLevel") }
    if before == .bert, kind == "BPE" {
      throw unsupported("the model BPE with the pre_tokenizer BertPreTokenizer")
    }
    if case .bert = normalizer, kind == "BPE" {
      throw unsupported("the model BPE with the normalizer BertNormalizer")
    }
    var tokenizer = Tokenizer(
      vocabulary: vocabulary, added: added, normalizer: normalizer, split: before,
      model: kind == "BPE"
        ? .bytePairs(try bytePairs(model, vocabulary))
        : .wordPiece(try wordPiece(model, vocabulary)),
      finish: try finish(json["post_processor"], vocabulary))
    tokenizer.maximumLength = try TokenizerLimits.length(
      json["truncation"]["max_length"], "max_length", at: name)
    let padding = json["padding"]["pad_id"]
    tokenizer.paddingID =
      padding.isNull ? vocabulary["[PAD]"] : try id(padding, of: "padding", in: vocabulary)
    return tokenizer
  }

  /// A token's number in the vocabulary.
  ///
  /// - Throws: `InputError` where it is none.
  private func id(_ json: JSONValue, of what: String, in vocabulary: Vocabulary) throws -> Int32 {
    guard let id = json.int.flatMap({ Int32(exactly: $0) }), vocabulary.token(id) != nil else {
      throw InputError("the number of \(what) is that of no token", at: name)
    }
    return id
  }

  private func unsupported(_ what: String) -> InputError {
    InputError(
      "\(what) is not supported", at: name,
      advice: "Fovea knows WordPiece as BERT uses it and byte-level BPE as GPT-2 and RoBERTa do")
  }

  private func modelKind(_ model: JSONValue) throws -> String {
    // Older files do not name the model.
    let kind = model["type"].text ?? (model["merges"].isNull ? "WordPiece" : "BPE")
    guard kind == "BPE" || kind == "WordPiece" else { throw unsupported("the model \(kind)") }
    return kind
  }

  // MARK: Vocabulary

  private func vocabulary(_ json: JSONValue) throws -> Vocabulary {
    guard let members = json.members else {
      throw InputError("the model has no vocabulary that maps tokens to numbers", at: name)
    }
    return try Vocabulary(
      members.map { member in
        guard let id = member.value.int else {
          let token = String(decoding: member.name, as: UTF8.self)
          throw InputError("token \(token) has no whole number", at: name)
        }
        return (member.name, id)
      }, name: name)
  }

  private func addedTokens() throws -> AddedTokens {
    let normalizes = !json["normalizer"].isNull
    return AddedTokens(
      try (json["added_tokens"].elements ?? []).map { element in
        guard let content = element["content"].bytes, !content.isEmpty, let id = element["id"].int,
          id >= 0, id < Int(Int32.max)
        else { throw InputError("an added token has no content or no number", at: name) }
        let text = String(decoding: content, as: UTF8.self)
        if element["single_word"].bool == true {
          throw unsupported("single_word of the added token \(text)")
        }
        if normalizes, element["normalized"].bool == true {
          throw unsupported("normalized of the added token \(text) beside a normalizer")
        }
        return AddedTokens.Token(
          content: content, id: Int32(id), isSpecial: element["special"].bool ?? false,
          takesSpaceBefore: element["lstrip"].bool ?? false,
          takesSpaceAfter: element["rstrip"].bool ?? false)
      })
  }

  // MARK: Models

  private func wordPiece(_ model: JSONValue, _ vocabulary: Vocabulary) throws -> WordPiece {
    let unknown = model["unk_token"].text ?? "[UNK]"
    guard let id = vocabulary[unknown] else {
      throw InputError("the vocabulary has no token \(unknown) for unknown words", at: name)
    }
    return WordPiece(
      tokens: modelTokens(vocabulary), unknown: id,
      prefix: model["continuing_subword_prefix"].text ?? "##",
      mostCharacters: try TokenizerLimits.length(
        model["max_input_chars_per_word"], "max_input_chars_per_word", at: name) ?? 100)
  }

  private func modelTokens(_ vocabulary: Vocabulary) -> [(token: [UInt8], id: Int32)] {
    (json["model"]["vocab"].members ?? []).compactMap { member in
      vocabulary[member.name].map { (token: member.name, id: $0) }
    }
  }

  private func bytePairs(
    _ model: JSONValue, _ vocabulary: Vocabulary
  ) throws -> BytePairEncoding {
    for option in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      let value = model[option]
      if value.isNull || value.bytes == [] || value.number == 0 { continue }
      throw unsupported("\(option) of the model BPE")
    }
    for option in ["byte_fallback", "ignore_merges"] where model[option].bool == true {
      throw unsupported("\(option) of the model BPE")
    }
    let merges = try (model["merges"].elements ?? []).enumerated().map { index, element in
      if let pair = element.elements, pair.count == 2, let left = pair[0].bytes,
        let right = pair[1].bytes
      {
        return (left, right)
      }
      let parts = (element.bytes ?? []).split(separator: 0x20)
      guard parts.count == 2 else {
        throw InputError("merge \(index + 1) is not a pair of tokens", at: name)
      }
      return (Array(parts[0]), Array(parts[1]))
    }
    return try BytePairEncoding(
      vocabulary: vocabulary, merges: merges, unknown: model["unk_token"].text, name: name)
  }

  // MARK: Before and after

  private func normalizer() throws -> Tokenizer.Normalizer {
    let normalizer = json["normalizer"]
    if normalizer.isNull { return .none }
    let kind = normalizer["type"].text ?? "without a type"
    guard kind == "BertNormalizer" else { throw unsupported("the normalizer \(kind)") }
    let lowercases = normalizer["lowercase"].bool ?? true
    return .bert(
      BERTNormalizer(
        cleansText: normalizer["clean_text"].bool ?? true,
        spacesIdeographs: normalizer["handle_chinese_chars"].bool ?? true,
        stripsAccents: normalizer["strip_accents"].bool ?? lowercases, lowercases: lowercases))
  }

  private func split() throws -> Tokenizer.Split? {
    let split = json["pre_tokenizer"]
    if split.isNull { return nil }
    switch split["type"].text {
    case "BertPreTokenizer": return .bert
    case "ByteLevel":
      return .byteLevel(
        addsSpace: split["add_prefix_space"].bool ?? true,
        usesWords: split["use_regex"].bool ?? true)
    case let kind: throw unsupported("the pre_tokenizer \(kind ?? "without a type")")
    }
  }

  private func finish(
    _ json: JSONValue, _ vocabulary: Vocabulary
  ) throws -> Tokenizer.Finish {
    var finish = Tokenizer.Finish()
    if json.isNull { return finish }
    switch json["type"].text {
    case "ByteLevel":
      finish.trimsSpace = json["trim_offsets"].bool ?? true
      finish.addsSpace = json["add_prefix_space"].bool ?? true
    case "BertProcessing": try setEnds(&finish, json, vocabulary)
    case "RobertaProcessing":
      try setEnds(&finish, json, vocabulary)
      finish.trimsSpace = json["trim_offsets"].bool ?? true
      finish.addsSpace = json["add_prefix_space"].bool ?? true
    case "TemplateProcessing":
      var isBehind = false
      for part in json["single"].elements ?? [] {
        if !part["Sequence"].isNull {
          isBehind = true
          continue
        }
        let token = part["SpecialToken"]["id"].text ?? ""
        let ids = try (json["special_tokens"][token]["ids"].elements ?? []).map {
          try id($0, of: token, in: vocabulary)
        }
        guard !ids.isEmpty else {
          throw InputError("the post_processor's token \(token) has no number", at: name)
        }
        if isBehind {
          finish.after += ids
        } else {
          finish.before += ids
        }
      }
    case "Sequence":
      for part in json["processors"].elements ?? [] {
        let next = try self.finish(part, vocabulary)
        finish.before += next.before
        finish.after += next.after
        if next.trimsSpace { (finish.trimsSpace, finish.addsSpace) = (true, next.addsSpace) }
      }
    case let kind: throw unsupported("the post_processor \(kind ?? "without a type")")
    }
    return finish
  }

  private func setEnds(
    _ finish: inout Tokenizer.Finish, _ json: JSONValue, _ vocabulary: Vocabulary
  ) throws {
    guard let before = json["cls"].elements?.last, let after = json["sep"].elements?.last
    else { throw InputError("the post_processor names no cls or sep with a number", at: name) }
    finish.before = [try id(before, of: "cls", in: vocabulary)]
    finish.after = [try id(after, of: "sep", in: vocabulary)]
  }
}

extension BytePairEncoding {
  /// Merges by the names of their tokens, as files hold them.
  ///
  /// - Throws: `InputError` where a token is not in the vocabulary.
  init(
    vocabulary: Vocabulary, merges: [(left: [UInt8], right: [UInt8])], unknown: String?,
    name: String
  ) throws {
    let unknown = unknown.flatMap { vocabulary[$0] }
    let byteTokens = try (0...255).map { (byte: UInt8) in
      guard let id = vocabulary[ByteAlphabet.token(of: [byte])] ?? unknown else {
        throw InputError(
          "the vocabulary has no token for the byte 0x\(String(byte, radix: 16))", at: name,
          advice: "A byte-level vocabulary holds all 256 bytes")
      }
      return id
    }
    self.init(
      byteTokens: byteTokens,
      merges: try merges.enumerated().map { index, pair in
        guard let left = vocabulary[pair.left], let right = vocabulary[pair.right],
          let result = vocabulary[pair.left + pair.right]
        else {
          throw InputError(
            "merge \(index + 1) is of or to a token that the vocabulary does not have", at: name)
        }
        return (left, right, result)
      })
  }
}
