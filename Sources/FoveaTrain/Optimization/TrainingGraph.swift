package import FoveaNN

/// What is done in a training step beside the forward pass.
package struct StepSettings: Hashable, Sendable {
  package var optimizer: Optimizer
  /// The largest norm of all gradients together; 0 for no limit.
  package var gradientClip: Float
  /// Parameters whose paths begin so are left as they are.
  package var frozen: [String]

  package init(optimizer: Optimizer, gradientClip: Float = 0, frozen: [String] = []) {
    self.optimizer = optimizer
    self.gradientClip = gradientClip
    self.frozen = frozen
  }

  package func trains(_ named: NamedParameter) -> Bool {
    named.parameter.isTrained && !frozen.contains { named.path.hasPrefix($0) }
  }
}

extension Tensor {
  /// Adds the backward pass and the optimiser's update for this loss: one plan is one training
  /// step. Adds the inputs `learningRate` and `step` (counted from 1), scalars.
  ///
  /// Gradients are scaled down where the norm of all of them together is over the limit:
  /// g · min(1, clip / (‖g‖ + 10⁻⁶)). Pascanu et al. 2013, algorithm 1.
  ///
  /// - Returns: the norm of all gradients before clipping, if there is a limit.
  @discardableResult
  package func minimize(_ network: some Module, _ settings: StepSettings) -> Tensor? {
    let trained = network.parameters.filter(settings.trains)
    let variables = trained.map { graph[$0.parameter] }
    let gradients = gradients(withRespectTo: variables)
    let learningRate = graph.input("learningRate", ArrayType([]))
    let step = graph.input("step", ArrayType([]))
    var norm: Tensor?
    var factor: Tensor?
    if settings.gradientClip > 0, let first = gradients.first {
      let squares = gradients.dropFirst().map { $0.sumOfSquares() }
      norm = squares.reduce(first.sumOfSquares(), +).squareRoot()
      factor = norm.map { (settings.gradientClip / ($0 + 1e-6)).minimum(graph.constant(1)) }
    }
    let optimizer = settings.optimizer
    for ((named, variable), gradient) in zip(zip(trained, variables), gradients) {
      let states = optimizer.stateNames.map { state in
        graph.variable(Optimizer.statePath(state, of: named.path), variable.type)
      }
      variable.update(
        optimizer.update, gradient: gradient, states: states, learningRate: learningRate,
        step: step, factor: factor)
    }
    return norm
  }
}
