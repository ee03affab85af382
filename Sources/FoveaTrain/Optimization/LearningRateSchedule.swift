import Glibc

/// How the learning rate changes over a training run.
public enum LearningRateSchedule: Hashable, Sendable {
  /// The same rate throughout.
  case constant
  /// rate · (1 + cos(π · t / total)) / 2: down to 0 in half a cosine. Loshchilov and Hutter 2017,
  /// equation 5 without restarts.
  case cosine
  /// From rate / warm-up up to the rate in so many steps, then constant. Goyal et al. 2017,
  /// section 2.2.
  case warmUp(steps: Int)
  /// Linear warm-up, then half a cosine over what is left.
  case warmUpCosine(steps: Int)

  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - step: counted from 0.
  ///   - total: all steps of the run.
  ///   - rate: the highest learning rate.
  public func learningRate(step: Int, of total: Int, rate: Float) -> Float {
    func cosine(_ step: Int, _ total: Int) -> Double {
      (1 + cos(.pi * Double(min(step, total)) / Double(max(total, 1)))) / 2
    }
    switch self {
    case .constant: return rate
    case .cosine: return Float(Double(rate) * cosine(step, total))
    case .warmUp(let warmUp): return rate * min(1, Float(step + 1) / Float(max(warmUp, 1)))
    case .warmUpCosine(let warmUp):
      if step < warmUp { return rate * Float(step + 1) / Float(max(warmUp, 1)) }
      return Float(Double(rate) * cosine(step - warmUp, total - warmUp))
    }
  }
}
