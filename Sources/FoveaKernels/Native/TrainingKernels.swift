import CKernels
package import FoveaArray

/// What an optimiser does to a parameter in one step.
package enum ParameterUpdate: Hashable, Sendable {
  /// Adam (Kingma and Ba 2015, algorithm 1); with `decoupled`, AdamW (Loshchilov and Hutter 2019,
  /// algorithm 2).
  case adam(beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float, decoupled: Bool)
  /// Stochastic gradient descent with momentum (Sutskever et al. 2013) or without.
  case sgd(momentum: Float, nesterov: Bool, weightDecay: Float)

  /// How many arrays of the parameter's shape the update keeps.
  package var stateCount: Int {
    switch self {
    case .adam: 2
    case .sgd(let momentum, _, _): momentum == 0 ? 0 : 1
    }
  }
}

/// Updates of parameters and statistics, dropout, and the preparation of pixels.
package enum TrainingKernels {
  /// Operands: parameter, gradient, the update's states, learning rate, step (from 1), and a
  /// factor on the gradient if `hasFactor`. Parameter and states change in place; all share one
  /// layout of `elements` elements.
  package static func update(
    _ update: ParameterUpdate, elements: Int, hasFactor: Bool
  ) -> NativeKernel {
    let name =
      switch update {
      case .adam(_, _, _, _, let decoupled): decoupled ? "adamW" : "adam"
      case .sgd: "sgd"
      }
    return NativeKernel(name) { operands, _ in
      let parameter: UnsafeMutablePointer<Float> = operands[0].elements()
      let gradient: UnsafeMutablePointer<Float> = operands[1].elements()
      let scalars = operands[(2 + update.stateCount)...].map { $0.elements(Float.self) }
      let factor = hasFactor ? scalars[2] : nil
      let count = Int64(elements)
      switch update {
      case .adam(let beta1, let beta2, let epsilon, let weightDecay, let decoupled):
        let settings = fovea_adam_settings(
          beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
          decoupled: decoupled)
        return {
          fovea_adam(
            parameter, gradient, operands[2].elements(), operands[3].elements(), scalars[0],
            scalars[1], factor, count, settings)
        }
      case .sgd(let momentum, let nesterov, let weightDecay):
        let settings = fovea_sgd_settings(
          momentum: momentum, weight_decay: weightDecay, nesterov: nesterov)
        let velocity = momentum == 0 ? nil : operands[2].elements(Float.self)
        return {
          fovea_sgd(
            parameter, gradient, velocity, scalars[0], scalars[1], factor, count, settings)
        }
      }
    }
  }

  /// state = momentum · state + (1 − momentum) · factor · value. Operands: state, value.
  package static func movingAverage(
    elements: Int, momentum: Float, factor: Float
  ) -> NativeKernel {
    NativeKernel("movingAverage") { operands, _ in
      {
        fovea_moving_average(
          operands[0].elements(), operands[1].elements(), Int64(elements), momentum, factor)
      }
    }
  }

  /// Operands: input, key (int32 `[2]`), result.
  package static func dropout(elements: Int, rate: Float, stream: UInt32) -> NativeKernel {
    NativeKernel("dropout") { operands, _ in
      {
        fovea_dropout(
          operands[0].elements(), operands[1].elements(), operands[2].elements(), Int64(elements),
          rate, stream)
      }
    }
  }

  /// Operands: bytes `[batch, height, width, channels]`, mean and deviation `[channels]`, result
  /// `[batch, channels, height, width]`.
  package static func normalizePixels(_ bytes: Shape) -> NativeKernel {
    let batch = Int64(bytes[0])
    let pixels = Int64(bytes[1] * bytes[2])
    let channels = Int64(bytes[3])
    return NativeKernel("normalizePixels") { operands, _ in
      {
        fovea_normalize_pixels(
          operands[0].elements(), operands[1].elements(), operands[2].elements(),
          operands[3].elements(), batch, pixels, channels)
      }
    }
  }
}
