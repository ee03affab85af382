/// The mean of independent items with Student's 95 % interval, mean ± t₍n₋₁₎ s / √n.
public struct MeanInterval: Hashable, Sendable, Codable {
  /// How many items.
  public let count: Int
  /// Their mean.
  public let mean: Double
  /// The interval; `nil` for a single item.
  public let interval: ConfidenceInterval?

  /// The mean of `values`; `nil` for none.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    count = values.count
    self.mean = mean
    guard values.count > 1 else {
      interval = nil
      return
    }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let half =
      StudentDistribution.quantile(0.975, degreesOfFreedom: n - 1) * (variance / n).squareRoot()
    interval = ConfidenceInterval(mean - half, mean + half)
  }
}
