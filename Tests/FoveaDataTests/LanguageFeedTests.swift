import FoveaArray
import FoveaData
import FoveaText
import Testing

/// What is hidden of texts, and what is told.
struct LanguageFeedTests {
  private func store() throws -> TextStore {
    let texts = (0..<60).map { index in
      (0...(5 + index % 40)).map { "w\(($0 * 7 + index) % 30)" }.joined(separator: " ")
    }
    return try TextStore(
      LabelledDataset(
        name: "made", medium: .text, classes: ["text"],
        made: texts.enumerated().map {
          LabelledExample(name: "\($0.offset)", content: .text($0.element), label: 0)
        }))
  }

  private func batches(_ feed: LanguageFeed, epoch: Int) throws -> [Batch] {
    let stream = try feed.batches(epoch: epoch, from: 0)
    var all: [Batch] = []
    while let batch = try stream.next() { all.append(batch) }
    return all
  }

  private func numbers(_ batch: Batch, _ name: String) throws -> [Int] {
    try #require(batch.arrays[name]).elements(of: Int32.self).map(Int.init)
  }

  /// Of the hidden tokens 80 % are [MASK], 10 % any, 10 % themselves; all others are as they were, and
  /// the label is the token that belongs there.
  @Test func fifteenInAHundredAreHidden() throws {
    let store = try store()
    let feed = try LanguageFeed(
      store, indices: store.usable, batchSize: 8, objective: .masked, key: RandomKey(seed: 1),
      shuffles: true)
    let mask = try #require(store.input.tokenizer.id(of: "[MASK]"))
    var (hidden, masked, same, all) = (0, 0, 0, 0)
    for epoch in 0..<8 {
      for batch in try batches(feed, epoch: epoch) {
        let steps = try #require(batch.arrays["tokens"]).shape[1]
        let told = LanguageObjective.places(steps: steps)
        let (tokens, places, labels) = (
          try numbers(batch, "tokens"), try numbers(batch, "places"), try numbers(batch, "labels")
        )
        #expect(places.count == told * batch.examples.count && labels.count == places.count)
        for (row, example) in batch.examples.enumerated() {
          let text = store.tokens(at: example).map(Int.init)
          let mine = places[(row * told)..<((row + 1) * told)].map { $0 - row * steps }
          for (slot, place) in mine.enumerated() {
            #expect(labels[row * told + slot] == text[place])
          }
          for place in text.indices where !mine.contains(place) {
            #expect(tokens[row * steps + place] == text[place])
          }
          for place in Set(mine) {
            hidden += 1
            masked += tokens[row * steps + place] == Int(mask) ? 1 : 0
            same += tokens[row * steps + place] == text[place] ? 1 : 0
          }
          all += text.count
        }
      }
    }
    // Four standard deviations of that many draws.
    func isNear(_ count: Int, _ share: Double) -> Bool {
      let deviation = (share * (1 - share) / Double(hidden)).squareRoot()
      return abs(Double(count) / Double(hidden) - share) < 4 * deviation
    }
    #expect(isNear(masked, 0.8) && isNear(same, 0.1), "\(masked) and \(same) of \(hidden)")
    #expect(abs(Double(hidden) / Double(all) - 0.15) < 0.03)
  }

  @Test func theNextTokenIsTold() throws {
    let store = try store()
    let feed = try LanguageFeed(
      store, indices: store.usable, batchSize: 8, objective: .causal, key: RandomKey(seed: 1),
      shuffles: false)
    for batch in try batches(feed, epoch: 0) {
      let steps = try #require(batch.arrays["tokens"]).shape[1]
      let tokens = try numbers(batch, "tokens")
      let told = LanguageObjective.places(steps: steps)
      for (slot, pair) in zip(try numbers(batch, "places"), try numbers(batch, "labels"))
        .enumerated()
      {
        let (row, place) = pair.0.quotientAndRemainder(dividingBy: steps)
        #expect(row == slot / told)
        #expect(tokens[row * steps + place + 1] == pair.1)
      }
    }
    #expect(try batches(feed, epoch: 0).map(\.arrays) == batches(feed, epoch: 1).map(\.arrays))
  }
}
