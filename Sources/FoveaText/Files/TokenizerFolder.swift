public import FoundationEssentials
import FoveaArray

extension Tokenizer {
  /// Reads a tokenizer from a model's folder, or from a `tokenizer.json` itself.
  ///
  /// In a folder the first of these counts: `tokenizer.json`; `vocab.txt` (BERT); `vocab.json` with
  /// `merges.txt` (GPT-2). `tokenizer_config.json` says whether BERT's keeps capitals.
  ///
  /// - Throws: `InputError` where files are missing or broken, or ask for what is not supported,
  ///   which is then named.
  public init(contentsOf url: URL) throws {
    _ = try url.checkedFilePath
    let manager = FileManager.default
    func exists(_ name: String) -> Bool {
      manager.fileExists(atPath: url.appending(component: name).path)
    }
    if url.pathExtension == "json" {
      self = try TokenizerFile(
        JSONValue(TextBytes.read(url), name: url.relativePath), name: url.relativePath
      ).tokenizer()
    } else if exists("tokenizer.json") {
      try self.init(contentsOf: url.appending(component: "tokenizer.json"))
    } else if exists("vocab.txt") {
      try self.init(bert: url)
    } else if exists("vocab.json"), exists("merges.txt") {
      try self.init(gpt2: url)
    } else {
      throw InputError(
        "holds no tokenizer", at: url.relativePath,
        advice: "It needs a tokenizer.json, a vocab.txt, or a vocab.json with a merges.txt")
    }
  }

  /// BERT's files: `vocab.txt`, one token a line, numbered from 0.
  private init(bert folder: URL) throws {
    let url = folder.appending(component: "vocab.txt")
    let name = url.relativePath
    var lines = try TextBytes.read(url).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let tokens = lines.map { line in
      Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
    if let row = tokens.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
      throw InputError("the token is not UTF-8", at: name, row: row + 1)
    }
    let vocabulary = try Vocabulary(
      tokens.enumerated().map { (token: $0.element, id: $0.offset) }, name: name)
    let settings = try TextBytes.json("tokenizer_config.json", in: folder) ?? .null
    func special(_ option: String, _ usual: String) throws -> AddedTokens.Token {
      let text = settings[option].text ?? settings[option]["content"].text ?? usual
      guard let id = vocabulary[text] else {
        throw InputError("holds no token \(text)", at: name, advice: "BERT's vocabularies do")
      }
      return AddedTokens.Token(content: Array(text.utf8), id: id, isSpecial: true)
    }
    let lowercases = settings["do_lower_case"].bool ?? true
    let unknown = try special("unk_token", "[UNK]")
    let before = try special("cls_token", "[CLS]")
    let after = try special("sep_token", "[SEP]")
    let padding = try special("pad_token", "[PAD]")
    let mask = try special("mask_token", "[MASK]")
    self.init(
      vocabulary: vocabulary, added: AddedTokens([unknown, before, after, padding, mask]),
      normalizer: .bert(
        BERTNormalizer(
          spacesIdeographs: settings["tokenize_chinese_chars"].bool ?? true,
          stripsAccents: settings["strip_accents"].bool ?? lowercases, lowercases: lowercases)),
      split: .bert,
      model: .wordPiece(
        WordPiece(
          tokens: tokens.enumerated().map { (token: $0.element, id: Int32($0.offset)) },
          unknown: unknown.id)),
      finish: Finish(before: [before.id], after: [after.id]))
    maximumLength = try TokenizerLimits.length(
      settings["model_max_length"], "model_max_length",
      at: folder.appending(component: "tokenizer_config.json").relativePath)
    paddingID = padding.id
  }

  /// GPT-2's files: `vocab.json` maps tokens to numbers, `merges.txt` has a pair a line.
  private init(gpt2 folder: URL) throws {
    let url = folder.appending(component: "vocab.json")
    let json = try JSONValue(TextBytes.read(url), name: url.relativePath)
    let settings = try TextBytes.json("tokenizer_config.json", in: folder) ?? .null
    var vocabulary = try Vocabulary(
      (json.members ?? []).map { (token: $0.name, id: $0.value.int ?? -1) },
      name: url.relativePath)
    let mergesURL = folder.appending(component: "merges.txt")
    let merges = try BytePairMerges.read(mergesURL)
    let pairs = try BytePairEncoding(
      vocabulary: vocabulary, merges: merges, unknown: nil, name: mergesURL.relativePath)
    let end = Array("<|endoftext|>".utf8)
    let id = vocabulary[end] ?? Int32(vocabulary.count)
    vocabulary.add(end, id: id)
    self.init(
      vocabulary: vocabulary,
      added: AddedTokens([AddedTokens.Token(content: end, id: id, isSpecial: true)]),
      normalizer: .none,
      split: .byteLevel(addsSpace: settings["add_prefix_space"].bool ?? false, usesWords: true),
      model: .bytePairs(pairs), finish: Finish())
  }
}

/// GPT-2's `merges.txt`.
enum BytePairMerges {
  /// The pairs in their order; a first line that begins with #version says what wrote them.
  static func read(_ url: URL) throws -> [(left: [UInt8], right: [UInt8])] {
    var merges: [(left: [UInt8], right: [UInt8])] = []
    let lines = try TextBytes.read(url).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (row, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || row == 0 && line.starts(with: "#version".utf8) { continue }
      let parts = line.split(separator: UInt8(ascii: " "))
      guard parts.count == 2 else {
        throw InputError("the line is not a pair of tokens", at: url.relativePath, row: row + 1)
      }
      merges.append((Array(parts[0]), Array(parts[1])))
    }
    return merges
  }
}
