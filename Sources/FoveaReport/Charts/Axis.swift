import FoveaArray
import Glibc

/// How numbers of a chart are written.
package enum ValueFormat: Sendable {
  /// As they are.
  case number
  /// Whole numbers, such as epochs; ticks are whole too.
  case count
  /// Shares, in per cent.
  case share
  /// Differences of shares, in percentage points, with a sign.
  case difference

  /// A value for people.
  package func text(_ value: Double) -> String {
    switch self {
    case .number: NumberText.fixed(value, decimals: 3)
    case .count: NumberText.fixed(value, decimals: 0)
    case .share: NumberText.percent(value)
    case .difference: NumberText.points(value)
    }
  }

  /// A tick, with as many decimals as the ticks' distance needs.
  package func tick(_ value: Double, step: Double) -> String {
    let decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    switch self {
    case .number:
      // Diverged losses are beyond any decimal notation.
      return abs(value) >= 1e7 ? "\(value)" : NumberText.fixed(value, decimals: decimals)
    case .count: return NumberText.fixed(value, decimals: 0)
    case .share: return NumberText.percent(value, decimals: max(0, decimals - 2))
    case .difference:
      let text = NumberText.hundredths(value, decimals: max(0, decimals - 2))
      return value > 0 ? "+\(text)" : text
    }
  }
}

/// The range of an axis and its round ticks.
package struct Axis: Hashable {
  package let lower: Double
  package let upper: Double
  /// The distance of ticks: 1, 2 or 5 times a power of ten.
  package let step: Double

  /// An axis that holds all finite `values`, and ends at ticks.
  ///
  /// - Parameters:
  ///   - limits: what values can be; the axis does not go beyond.
  ///   - isWhole: whether only whole numbers are ticks.
  ///   - isTight: whether the axis ends at the values themselves rather than at ticks.
  package init(
    _ values: [Double], limits: ClosedRange<Double>? = nil, tickCount: Int = 5,
    isWhole: Bool = false, isTight: Bool = false
  ) {
    let finite = values.filter { $0.isFinite && abs($0) < 1e100 }
    var lower = finite.min() ?? 0
    var upper = finite.max() ?? 1
    if lower == upper {
      // A constant stands in the middle of an axis that is not nothing.
      let room = isWhole ? 1 : max(abs(lower) * 0.1, limits == nil ? 0.5 : 0.05)
      lower -= room
      upper += room
      if let limits {
        lower = max(lower, limits.lowerBound)
        upper = min(upper, limits.upperBound)
      }
    }
    let raw = (upper - lower) / Double(tickCount)
    let power = pow(10, floor(log10(raw)))
    var step = [1, 2, 5, 10].first { raw <= $0 * power * 1.000001 }.map { $0 * power } ?? raw
    if isWhole { step = max(1, step.rounded()) }
    self.step = step
    if isTight {
      self.lower = lower
      self.upper = upper
    } else {
      let first = (lower / step + 1e-9).rounded(.down) * step
      let last = (upper / step - 1e-9).rounded(.up) * step
      self.lower = limits.map { max(first, $0.lowerBound) } ?? first
      self.upper = limits.map { min(last, $0.upperBound) } ?? last
    }
  }

  /// The multiples of `step` within the range.
  package var ticks: [Double] {
    let first = Int((lower / step - 1e-6).rounded(.up))
    let last = Int((upper / step + 1e-6).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// Where `value` lies between the ends `start` and `end` of the drawn axis.
  package func position(of value: Double, from start: Double, to end: Double) -> Double {
    start + (value - lower) / (upper - lower) * (end - start)
  }
}
