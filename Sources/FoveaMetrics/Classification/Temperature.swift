import Glibc

/// The number T by which logits are divided so that probabilities say how often they are right:
/// softmax(z / T). Guo et al. 2017, "On calibration of modern neural networks", section 4.2.
///
/// T is fitted on examples that were not trained on. It minimises the mean cross-entropy, and holds on to 1
/// where there are few of them: log T has a normal prior of deviation 0.5, which n examples outweigh as n
/// grows. Which class is the most probable never changes.
package struct Temperature: Hashable, Sendable {
  /// T.
  package let value: Double
  /// The mean cross-entropy in nats at T, with the prior's share: what a network's logits are worth once they
  /// are calibrated.
  package let loss: Double

  /// T is looked for between 1 / 16 and 16.
  private static let range = -log(16.0)...log(16.0)
  private static let deviation = 0.5

  /// The best temperature for these logits; `nil` where there are none.
  ///
  /// - Parameters:
  ///   - logits: of each class, by example.
  ///   - labels: the right class of each example.
  ///   - classWeights: how much examples of each class count; all alike where not given.
  package init?(logits: [[Float]], labels: [Int], classWeights: [Float]? = nil) {
    guard !labels.isEmpty else { return nil }
    let weights = labels.map { Double(classWeights?[$0] ?? 1) }
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    let count = Double(labels.count)
    func loss(_ logTemperature: Double) -> Double {
      let factor = exp(-logTemperature)
      var sum = 0.0
      for ((item, label), weight) in zip(zip(logits, labels), weights) {
        let largest = Double(item.max() ?? 0)
        let normalizer = item.reduce(0.0) { $0 + exp((Double($1) - largest) * factor) }
        sum += weight * (log(normalizer) - (Double(item[label]) - largest) * factor)
      }
      let offset = logTemperature / Self.deviation
      return sum / total + offset * offset / (2 * count)
    }
    // A golden section: the loss has one valley over 1 / T, and the prior one over log T.
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (Self.range.lowerBound, Self.range.upperBound)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftLoss, rightLoss) = (loss(left), loss(right))
    while high - low > 1e-4 {
      if leftLoss < rightLoss {
        (high, right, rightLoss) = (right, left, leftLoss)
        left = high - ratio * (high - low)
        leftLoss = loss(left)
      } else {
        (low, left, leftLoss) = (left, right, rightLoss)
        right = low + ratio * (high - low)
        rightLoss = loss(right)
      }
    }
    value = exp((low + high) / 2)
    self.loss = min(leftLoss, rightLoss)
  }
}

/// What a temperature does to probabilities, measured on examples that need not be those it was fitted on.
package struct CalibrationChange: Hashable, Sendable, Codable {
  /// T, by which the last layer's results are divided.
  package let temperature: Double
  /// The expected calibration error without it.
  package let errorBefore: Double
  /// With it.
  package let errorAfter: Double

  /// The change by `temperature`, which `logits` are divided by already; `nil` without examples.
  package init?(temperature: Double, logits: [[Float]], labels: [Int]) {
    func error(_ factor: Float) -> Double? {
      var (confidences, correct): ([Double], [Bool]) = ([], [])
      for (item, label) in zip(logits, labels) {
        let probabilities = softmax(item.map { $0 * factor }).probabilities
        let predicted = probabilities.indexOfLargest
        confidences.append(min(Double(probabilities[predicted]), 1))
        correct.append(predicted == label)
      }
      return Calibration.expectedError(confidences: confidences, correct: correct)
    }
    guard let before = error(Float(temperature)), let after = error(1) else { return nil }
    self.temperature = temperature
    errorBefore = before
    errorAfter = after
  }
}
