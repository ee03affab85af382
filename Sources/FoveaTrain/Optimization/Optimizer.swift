import FoveaKernels
import FoveaNN

/// How a gradient changes a parameter.
public enum Optimizer: Hashable, Sendable {
  /// v ← momentum · v + g,  p ← p − rate · v, or with Nesterov's look-ahead
  /// p ← p − rate · (g + momentum · v); g includes weightDecay · p. Sutskever et al. 2013.
  case sgd(momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0)
  /// Kingma and Ba 2015, algorithm 1; the gradient includes weightDecay · p.
  case adam(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0)
  /// Adam with the weight decay apart from the gradient: p ← p − rate · weightDecay · p.
  /// Loshchilov and Hutter 2019, algorithm 2.
  case adamW(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01)

  var update: ParameterUpdate {
    switch self {
    case .sgd(let momentum, let nesterov, let weightDecay):
      .sgd(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      .adam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decoupled: false)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      .adam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decoupled: true)
    }
  }

  /// The names of what the optimiser keeps for each parameter.
  var stateNames: [String] {
    switch self {
    case .sgd(let momentum, _, _): momentum == 0 ? [] : ["velocity"]
    case .adam, .adamW: ["first", "second"]
    }
  }

  /// What the paths of all states begin with.
  static let statePrefix = "optimizer."

  /// The path under which a state is kept.
  static func statePath(_ state: String, of parameter: String) -> String {
    "\(statePrefix)\(state).\(parameter)"
  }
}
