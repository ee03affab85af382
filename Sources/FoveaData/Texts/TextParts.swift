import FoveaArray
import FoveaText

extension TextInput {
  /// Tokens of a text cut into parts of whole sentences, each with as many as are looked at together at
  /// most; a sentence that is longer is cut where it must be.
  func parts(of text: String, as tokens: TokenizedText) -> [Range<Int>] {
    let places = tokens.characterRanges(in: text)
    var parts: [Range<Int>] = []
    var (start, next) = (0, 0)
    for end in SegmentedText(text).sentenceRanges.map(\.upperBound) {
      let sentence = next
      // A token with the space before a word is the word's.
      while next < places.count, places[next].upperBound <= end { next += 1 }
      guard next - start > mostTokens else { continue }
      if sentence > start { parts.append(start..<sentence) }
      start = max(start, sentence)
      while next - start > mostTokens {
        parts.append(start..<(start + mostTokens))
        start += mostTokens
      }
    }
    if start < places.count { parts.append(start..<places.count) }
    return parts
  }

  /// The same with the tokens counted of these texts.
  package func counting(_ texts: [[Int32]]) throws -> TextInput {
    var counts = [Int](repeating: 0, count: vocabularySize)
    for token in texts.joined() { counts[Int(token)] += 1 }
    return try TextInput(
      tokenizer: tokenizer, mostTokens: mostTokens, longTexts: longTexts, tokenCounts: counts)
  }
}

extension TextStore {
  /// The texts that can be read with long ones cut into parts of whole sentences, so that all of them is
  /// looked at.
  ///
  /// - Throws: `InputError` where a text cannot be read any more.
  package func cutIntoParts() throws -> TextStore {
    var examples: [LabelledExample] = []
    var entries: [[Int32]] = []
    var digests: [UInt64] = []
    for index in usable {
      let example = dataset.examples[index]
      guard tokens(at: index).count > input.mostTokens else {
        examples.append(example)
        entries.append(tokens(at: index))
        digests.append(contentDigests[index])
        continue
      }
      let text = try example.text()
      let tokens = input.tokenizer.encode(text, addingSpecialTokens: false)
      let places = tokens.characterRanges(in: text)
      let segmented = SegmentedText(text)
      for (number, part) in input.parts(of: text, as: tokens).enumerated() {
        let characters = places[part.lowerBound].lowerBound..<places[part.upperBound - 1].upperBound
        let content = segmented.span(characters).text
        examples.append(
          LabelledExample(
            name: "\(example.name) part \(number + 1)", content: .text(content),
            label: example.label, group: example.group))
        entries.append(Array(tokens.ids[part]))
        digests.append(ContentDigest.of(content))
      }
    }
    return try TextStore(
      LabelledDataset(
        name: dataset.name, medium: .text, classes: dataset.classes, made: examples),
      input, digests: digests, entries.map { .success($0) }, allowBroken: true, notes: [])
  }
}
