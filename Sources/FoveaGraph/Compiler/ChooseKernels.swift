package import FoveaKernels

/// Chooses direct convolution, Winograd's or our own over planes, for each convolution and direction, by a rule.
///
/// A rule and not a timing, so that runs repeat bit for bit; and not oneDNN's own `auto`, which
/// takes Winograd where it is several times slower (3 and 16 channels). The rule was fitted to
/// times measured on two machines with AVX-512; `fovea bench WORKLOAD --steps` shows the times of
/// what it chose.
package struct ChooseKernels: Pass {
  package init() {}

  package func run(_ program: Program) throws(ShapeError) -> Program {
    var program = program
    for (index, node) in program.nodes.enumerated() {
      switch node.op {
      case var op as Convolution2D:
        op.algorithm = Self.algorithm(
          .forward, op.geometry, weights: program.type(of: node.inputs[1]).shape,
          result: node.types[0].shape)
        program.nodes[index].op = op
      case var op as Convolution2DInputGradient:
        op.algorithm = Self.algorithm(
          .backwardData, op.geometry, weights: program.type(of: node.inputs[1]).shape,
          result: program.type(of: node.inputs[0]).shape)
        program.nodes[index].op = op
      case var op as Convolution2DWeightGradient:
        op.algorithm = Self.algorithm(
          .backwardWeights, op.geometry, weights: op.weights,
          result: program.type(of: node.inputs[1]).shape)
        program.nodes[index].op = op
      default: break
      }
    }
    return program
  }

  /// The three computations of a convolution.
  package enum Direction: String, CaseIterable, Codable, Sendable {
    case forward, backwardData, backwardWeights
  }

  /// Our own is for at most four pairs of planes, which oneDNN fills up to 16 channels. Winograd's F(4×4, 3×3) needs 3×3 windows, stride 1 and no dilation. It pays from 32 channels
  /// on both sides and 256 tiles of 4×4 results on, for weights' gradients from 16 channels.
  package static func algorithm(
    _ direction: Direction, _ geometry: WindowGeometry, weights: Shape, result: Shape
  ) -> ConvolutionAlgorithm {
    if weights.rank == 4, weights[0] * weights[1] <= 4,
      ConvolutionDescription.hasPlanes(geometry, weights: weights)
    {
      return .planes
    }
    guard weights.rank == 4, weights[2] == 3, weights[3] == 3, geometry.strides == [1, 1],
      geometry.dilations == [1, 1], hasWinograd
    else { return .direct }
    let tiles = result[0] * ((result[2] + 3) / 4) * ((result[3] + 3) / 4)
    let channels = min(weights[0], weights[1])
    let needed = direction == .backwardWeights ? 16 : 32
    return channels >= needed && channels % 16 == 0 && tiles >= 256 ? .winograd : .direct
  }

  /// Whether this processor has oneDNN's Winograd kernels, which need AVX-512.
  private static let hasWinograd: Bool = {
    let shape: Shape = [1, 32, 16, 16]
    let description = ConvolutionDescription(
      geometry: WindowGeometry(paddingBefore: [1, 1], paddingAfter: [1, 1]), algorithm: .winograd,
      source: .any(ArrayType(shape)), weights: .any(ArrayType([32, 32, 3, 3])),
      result: .any(ArrayType(shape)), hasBias: false)
    return (try? description.forward(training: true)) != nil
  }()
}
