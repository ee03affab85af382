package import FoveaData
import FoveaKernels
package import FoveaMetrics
package import FoveaNN

/// What a model says of labelled examples: a class of each, the words of each, or which item of each.
package struct Evaluation: Sendable {
  /// Which examples of the dataset these are.
  package private(set) var examples: [Int] = []
  /// Their labels, where they have classes.
  package private(set) var labels: [Int] = []
  /// What the network says of each class, before it is made a probability.
  package private(set) var logits: [[Float]] = []
  /// The probability of each class.
  package private(set) var probabilities: [[Float]] = []
  /// What is said in them, where words are to be heard.
  package private(set) var said: [[Int]] = []
  /// What was heard.
  package private(set) var heard: [[Int]] = []
  /// What the item gains that was chosen, where items compete.
  package private(set) var gains: [Double] = []
  private var lossSum = 0.0

  /// Runs the model over all batches of a feed.
  ///
  /// - Parameter decoder: how words are found, where they are to be heard.
  /// - Throws: `InputError` when an example cannot be read any more; `NonFiniteOutput` with the example's
  ///   index in the dataset; `CancellationError`.
  package init(
    _ predictor: Predictor, on feed: any BatchFeed, decoder: WordDecoder = WordDecoder()
  ) throws {
    let batches = try feed.batches(epoch: 0, from: 0)
    while let batch = try batches.nextGivingWay() {
      try Task.checkCancellation()
      let logits = try predictor.logits(batch.arrays, batch: batch.examples.count)
      do {
        try NonFiniteOutput.check(logits.floats, rows: batch.examples.count)
      } catch let error as NonFiniteOutput {
        throw NonFiniteOutput(index: batch.examples[error.index])
      }
      let labels = batch.arrays["labels"]?.elements(of: Int32.self) ?? []
      let numbers = labels.isEmpty ? [] : logits.floats
      for (row, label) in labels.enumerated() {
        let item = Array(numbers[logits.row(row)])
        let (probabilities, logSum) = softmax(item)
        lossSum += logSum - Double(item[Int(label)])
        self.logits.append(item)
        self.probabilities.append(probabilities)
        self.labels.append(Int(label))
      }
      for (row, words) in batch.transcripts.enumerated() {
        let scores = SymbolScores(logits, row: row, lengths: batch.arrays["lengths"])
        lossSum -= scores.logLikelihood(of: words)
        said.append(words)
        heard.append(decoder.words(scores))
      }
      if let shares = batch.arrays["shares"]?.floats, let gains = batch.arrays["gains"]?.floats {
        let scores = logits.floats
        for row in batch.examples.indices {
          let range = logits.row(row)
          let item = Array(scores[range])
          let logSum = softmax(item).1
          // Behind an example's end there are no shares.
          lossSum += zip(shares[range], item).filter { $0.0 > 0 }
            .map { Double($0.0) * (logSum - Double($0.1)) }.reduce(0, +)
          self.gains.append(Double(gains[range.lowerBound + item.indexOfLargest]))
        }
      }
      examples += batch.examples
    }
  }

  /// The mean cross-entropy of classes, or −log p of the words, in nats.
  package var loss: Double { lossSum / Double(max(toldCount, 1)) }

  /// How much was told: one thing an example, or several of an example with several labels.
  private var toldCount: Int { labels.count + said.count + gains.count }

  /// The class with the largest probability, for each example.
  package var predicted: [Int] { probabilities.map(\.indexOfLargest) }

  /// Whether each example is right: its class, or all of its words.
  package var isCorrect: [Bool] {
    zip(predicted, labels).map { $0 == $1 } + zip(heard, said).map { $0 == $1 }
  }

  /// The share of examples that are right; of items, what the chosen ones gain in the mean.
  package var accuracy: Double {
    (Double(isCorrect.count { $0 }) + gains.reduce(0, +)) / Double(max(toldCount, 1))
  }

  /// Errors over words said; `nil` where there are classes.
  package var wordErrorRate: Double? {
    let sum = wordErrors.reduce(WordErrors(words: 0), +)
    return sum.words > 0 ? Double(sum.count) / Double(sum.words) : nil
  }

  /// The errors among the words of each example.
  package var wordErrors: [WordErrors] {
    zip(said, heard).map { WordAlignment(said: $0, heard: $1).errors }
  }
}

extension HostArray {
  /// Where the numbers of an item lie.
  fileprivate func row(_ row: Int) -> Range<Int> {
    let size = shape.elementCount / max(shape[0], 1)
    return (row * size)..<((row + 1) * size)
  }
}

extension SymbolScores {
  /// The scores of an item of logits `[batch, steps, symbols]`, of which it has as many steps as
  /// `lengths` says.
  init(_ logits: HostArray, row: Int, lengths: HostArray?) {
    let (steps, symbols) = (logits.shape[1], logits.shape[2])
    let length = lengths.map { Int($0.elements(of: Int32.self)[row]) } ?? steps
    let start = row * steps * symbols
    self.init(logits: logits.floats[start..<(start + length * symbols)], symbols: symbols)
  }
}

extension Batch {
  /// What is said in each example; empty where they have classes.
  package var transcripts: [[Int]] {
    guard let targets = arrays["targets"], let counts = arrays["targetLengths"] else { return [] }
    let (words, width) = (targets.elements(of: Int32.self), targets.shape[1])
    return counts.elements(of: Int32.self).enumerated().map { row, count in
      words[(row * width)..<(row * width + Int(count))].map { Int($0) }
    }
  }
}

extension BatchStream {
  /// The next batch, or `nil` after the last; prompt work may use the kernel thread while it is
  /// prepared.
  ///
  /// - Throws: as `next()`; `CancellationError`.
  package func nextGivingWay() throws -> Batch? {
    KernelThread.wait { isNextReady || Task.isCancelled }
    try Task.checkCancellation()
    return try next()
  }
}
