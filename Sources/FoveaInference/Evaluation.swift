package import FoveaData
import FoveaMetrics
package import FoveaNN

/// What a model says of labelled examples.
package struct Evaluation: Sendable {
  /// Which examples of the dataset these are.
  package private(set) var examples: [Int] = []
  /// Their labels.
  package private(set) var labels: [Int] = []
  /// The probability of each class.
  package private(set) var probabilities: [[Float]] = []
  private var lossSum = 0.0

  /// Runs the model over all batches of a feed.
  ///
  /// - Throws: `InputError` when a picture cannot be read any more; `CancellationError`.
  package init(_ predictor: Predictor, on feed: any BatchFeed) throws {
    let batches = try feed.batches(epoch: 0, from: 0)
    while let batch = try batches.next() {
      try Task.checkCancellation()
      let logits = try predictor.logits(batch.arrays, batch: batch.examples.count)
      let classes = logits.shape[1]
      let numbers = logits.floats
      guard let labels = batch.arrays["labels"]?.elements(of: Int32.self) else { continue }
      for (row, label) in labels.enumerated() {
        let item = Array(numbers[(row * classes)..<((row + 1) * classes)])
        let (probabilities, logSum) = softmax(item)
        lossSum += logSum - Double(item[Int(label)])
        self.probabilities.append(probabilities)
        self.labels.append(Int(label))
      }
      examples += batch.examples
    }
  }

  /// The mean cross-entropy, in nats.
  package var loss: Double { lossSum / Double(max(labels.count, 1)) }

  /// The class with the largest probability, for each example.
  package var predicted: [Int] { probabilities.map(\.indexOfLargest) }

  /// Whether each example is right.
  package var isCorrect: [Bool] { zip(predicted, labels).map { $0 == $1 } }

  /// The share of examples that are right.
  package var accuracy: Double {
    Double(isCorrect.count { $0 }) / Double(max(labels.count, 1))
  }
}
