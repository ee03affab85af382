import FoveaArray
import Glibc

/// Whether probabilities mean what they say.
public enum Calibration {
  /// The expected calibration error: how far the top probability is from the share of right items.
  ///
  /// ECE = Σₘ |Bₘ|/n · |acc(Bₘ) − conf(Bₘ)| over bins of equal width ((m−1)/M, m/M]: Guo et al.
  /// 2017, "On calibration of modern neural networks", equation 3, with their M = 15.
  ///
  /// - Parameters:
  ///   - confidences: the top probability of each item, within 0…1.
  ///   - correct: whether that item's top label is right.
  ///   - bins: M.
  /// - Returns: a number within 0…1, or `nil` without items.
  public static func expectedError(
    confidences: [Double], correct: [Bool], bins: Int = 15, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Double? {
    require(
      confidences.count == correct.count,
      "calibration: \(confidences.count) probabilities, \(correct.count) outcomes", file: file,
      line: line)
    require(bins > 0, "calibration: \(bins) bins", file: file, line: line)
    if confidences.isEmpty { return nil }
    // |Bₘ| · (acc − conf) is the number right less the probabilities' sum, so no bin is divided.
    var surplus = [Double](repeating: 0, count: bins)
    for (confidence, right) in zip(confidences, correct) {
      require(
        (0...1).contains(confidence), "calibration: probability \(confidence)", file: file,
        line: line)
      surplus[bin(of: confidence, bins)] += (right ? 1 : 0) - confidence
    }
    return surplus.reduce(0) { $0 + abs($1) } / Double(confidences.count)
  }

  /// The bin of a probability, counted from 0.
  static func bin(of confidence: Double, _ bins: Int) -> Int {
    max(Int((confidence * Double(bins)).rounded(.up)) - 1, 0)
  }

  /// The mean of −log p over the probabilities given to the true labels, in nats.
  ///
  /// A probability of 0 counts as the smallest normal `Float` (1.2e-38, 87.3 nats), so that one
  /// item whose softmax underflowed does not make the mean infinite.
  ///
  /// - Returns: a number not below 0, or `nil` without items.
  public static func negativeLogLikelihood(ofTrueLabels probabilities: [Double]) -> Double? {
    if probabilities.isEmpty { return nil }
    let floor = Double(Float.leastNormalMagnitude)
    return probabilities.reduce(0) { $0 - log(max($1, floor)) } / Double(probabilities.count)
  }
}
