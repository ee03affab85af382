package import FoveaKernels

/// One step of an optimiser, in place.
///
/// Inputs: parameter, gradient, the update's states, learning rate, step counted from 1, and a
/// factor on the gradient if `hasFactor`; the last ones are scalars. No results.
package struct UpdateParameter: Op {
  package static let name = "update"
  package static let differentiability = Differentiability.constant
  package let update: ParameterUpdate
  package let hasFactor: Bool

  package init(update: ParameterUpdate, hasFactor: Bool) {
    self.update = update
    self.hasFactor = hasFactor
  }

  package var settings: String {
    switch update {
    case .adam(_, _, _, _, let decoupled): decoupled ? "adamW" : "adam"
    case .sgd: "sgd"
    }
  }

  package var updatedInputs: [Int] { [0] + (0..<update.stateCount).map { 2 + $0 } }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    for input in inputs[..<(2 + update.stateCount)] where input != inputs[0] {
      throw ShapeError(Self.name, "\(input) does not fit the parameter \(inputs[0])")
    }
    return []
  }

  package func chooseLayouts(
    _ inputs: [Layout], _ results: [ArrayType]
  ) throws(KernelError) -> LayoutChoice {
    let arrays = 2 + update.stateCount
    return LayoutChoice(
      inputs: inputs.enumerated().map { $0 < arrays ? inputs[0] : .rowMajor($1.type) }, results: [])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    // A block's padding is updated too: its gradient and states are 0, so it stays 0.
    .kernel(
      TrainingKernels.update(update, elements: inputs[0].byteCount / 4, hasFactor: hasFactor))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    inputs[0].shape.elementCount * 12
  }
}

/// state = momentum · state + (1 − momentum) · factor · value, in place. No results.
package struct UpdateMovingAverage: Op {
  package static let name = "movingAverage"
  package static let differentiability = Differentiability.constant
  package let momentum: Float
  package let factor: Float

  package init(momentum: Float, factor: Float) {
    self.momentum = momentum
    self.factor = factor
  }

  package var settings: String { "momentum: \(momentum)" }
  package var updatedInputs: [Int] { [0] }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    guard inputs[0] == inputs[1] else {
      throw ShapeError(Self.name, "\(inputs[1]) does not fit the state \(inputs[0])")
    }
    return []
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(
      TrainingKernels.movingAverage(
        elements: inputs[0].type.shape.elementCount, momentum: momentum, factor: factor))
  }
}

extension Tensor {
  /// Adds one step of an optimiser to the graph; `self` is a variable.
  ///
  /// - Parameters:
  ///   - gradient: of `self`'s shape.
  ///   - states: variables of `self`'s shape, zeros at the start, as many as the update keeps.
  ///   - learningRate: a scalar.
  ///   - step: a scalar, 1 for the first step.
  ///   - factor: a scalar that the gradient is multiplied by.
  package func update(
    _ update: ParameterUpdate, gradient: Tensor, states: [Tensor], learningRate: Tensor,
    step: Tensor, factor: Tensor? = nil
  ) {
    let scalars = [learningRate, step] + (factor.map { [$0] } ?? [])
    graph.apply(
      UpdateParameter(update: update, hasFactor: factor != nil),
      [self, gradient] + states + scalars)
  }

  /// Moves a variable towards `value`: momentum · self + (1 − momentum) · factor · value.
  package func moveAverage(towards value: Tensor, momentum: Float, factor: Float = 1) {
    graph.apply(UpdateMovingAverage(momentum: momentum, factor: factor), [self, value])
  }
}
