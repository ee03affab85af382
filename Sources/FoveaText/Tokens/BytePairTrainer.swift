import FoveaArray

/// Makes a byte-level vocabulary of one's own texts: the pair of neighbouring tokens that is the most
/// frequent becomes a token, again and again.
///
/// Sennrich et al. 2016, algorithm 1. Of pairs that are equally frequent the one with the smaller
/// numbers is taken, as in the `tokenizers` package, whose merges are the same.
public struct BytePairTrainer: Sendable {
  /// Tokens in all: 256 bytes, what is special, merges.
  public var vocabularySize = 8000
  /// A pair that is rarer does not become a token.
  public var minimumCount = 2
  /// Tokens that stand first in the vocabulary and are never cut.
  public var specialTokens = ["<|endoftext|>"]

  /// The defaults.
  public init() {}

  private struct Word {
    var tokens: [Int32]
    let count: Int
  }

  /// Learns from texts.
  ///
  /// - Throws: `InputError` when the vocabulary is to be smaller than what it has to hold.
  public func train(on texts: some Sequence<String>) throws -> Tokenizer {
    let special = specialTokens.map { Array($0.utf8) }
    guard vocabularySize >= special.count + 256 else {
      throw InputError(
        "a vocabulary of \(vocabularySize) tokens cannot hold \(special.count + 256)",
        advice: "Bytes and special tokens alone are as many")
    }
    var vocabulary = Vocabulary()
    for token in special { vocabulary.add(token, id: Int32(vocabulary.count)) }
    // In the order of the characters that write them.
    for scalar in ByteAlphabet.scalars.sorted() {
      vocabulary.add(UTF8Scalars.bytes([scalar]), id: Int32(vocabulary.count))
    }
    let byteTokens = ByteAlphabet.scalars.map { vocabulary[UTF8Scalars.bytes([$0])] ?? 0 }
    var words = Self.words(in: texts, byteTokens)
    let merges = learn(&words, &vocabulary)
    return Tokenizer(
      vocabulary: vocabulary,
      added: AddedTokens(
        special.enumerated().map {
          AddedTokens.Token(content: $0.element, id: Int32($0.offset), isSpecial: true)
        }), normalizer: .none, split: .byteLevel(addsSpace: false, usesWords: true),
      model: .bytePairs(BytePairEncoding(byteTokens: byteTokens, merges: merges)),
      finish: Tokenizer.Finish())
  }

  private static func words(in texts: some Sequence<String>, _ byteTokens: [Int32]) -> [Word] {
    var counts: [ArraySlice<UInt8>: Int] = [:]
    for text in texts {
      let bytes = Array(text.utf8)
      var position = 0
      while position < bytes.count {
        let end = ByteLevelSplit.end(bytes, from: position, limit: bytes.count)
        counts[bytes[position..<end], default: 0] += 1
        position = end
      }
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { word, count in
      Word(tokens: word.map { byteTokens[Int($0)] }, count: count)
    }
  }

  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  private func learn(
    _ words: inout [Word], _ vocabulary: inout Vocabulary
  ) -> [(left: Int32, right: Int32, result: Int32)] {
    var counts: [Pair: Int] = [:]
    var places: [Pair: Set<Int>] = [:]
    for (index, word) in words.enumerated() {
      for (left, right) in zip(word.tokens, word.tokens.dropFirst()) {
        counts[Pair(left: left, right: right), default: 0] += word.count
        places[Pair(left: left, right: right), default: []].insert(index)
      }
    }
    var queue = PairQueue()
    for (pair, count) in counts { queue.push(pair.left, pair.right, count) }
    var merges: [(left: Int32, right: Int32, result: Int32)] = []
    while vocabulary.count < vocabularySize, let (left, right, count) = queue.pop() {
      let pair = Pair(left: left, right: right)
      let current = counts[pair] ?? 0
      guard current >= max(minimumCount, 1) else { continue }
      guard current == count else {
        // The count has changed since it was noted.
        queue.push(left, right, current)
        continue
      }
      let token = (vocabulary.token(left) ?? []) + (vocabulary.token(right) ?? [])
      let result = vocabulary[token] ?? Int32(vocabulary.count)
      vocabulary.add(token, id: result)
      merges.append((left, right, result))
      counts[pair] = nil
      var changed: Set<Pair> = []
      for index in places.removeValue(forKey: pair) ?? [] {
        Self.merge(pair, into: result, &words[index]) { neighbours, change in
          counts[neighbours, default: 0] += change
          if change > 0 {
            places[neighbours, default: []].insert(index)
            changed.insert(neighbours)
          }
        }
      }
      counts[pair] = nil
      for neighbours in changed where (counts[neighbours] ?? 0) > 0 {
        queue.push(neighbours.left, neighbours.right, counts[neighbours] ?? 0)
      }
    }
    return merges
  }

  /// Puts the pair together everywhere in a word, and says which neighbours came and went.
  private static func merge(
    _ pair: Pair, into result: Int32, _ word: inout Word, _ note: (Pair, Int) -> Void
  ) {
    var merged: [Int32] = []
    var index = 0
    let tokens = word.tokens
    while index < tokens.count {
      guard index + 1 < tokens.count, tokens[index] == pair.left, tokens[index + 1] == pair.right
      else {
        merged.append(tokens[index])
        index += 1
        continue
      }
      if let last = merged.last {
        note(Pair(left: last, right: pair.left), -word.count)
        note(Pair(left: last, right: result), word.count)
      }
      merged.append(result)
      if index + 2 < tokens.count {
        note(Pair(left: pair.right, right: tokens[index + 2]), -word.count)
        note(Pair(left: result, right: tokens[index + 2]), word.count)
      }
      index += 2
    }
    word.tokens = merged
  }
}

/// The most frequent pair first, then the one with the smaller numbers.
private struct PairQueue {
  private var heap: [(left: Int32, right: Int32, count: Int)] = []

  mutating func push(_ left: Int32, _ right: Int32, _ count: Int) {
    heap.append((left, right, count))
    var child = heap.count - 1
    while child > 0, comes(child, before: (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (left: Int32, right: Int32, count: Int)? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return first }
      if child + 1 < heap.count, comes(child + 1, before: child) { child += 1 }
      guard comes(child, before: parent) else { return first }
      heap.swapAt(child, parent)
      parent = child
    }
  }

  private func comes(_ first: Int, before second: Int) -> Bool {
    let (a, b) = (heap[first], heap[second])
    return (-a.count, a.left, a.right) < (-b.count, b.left, b.right)
  }
}
