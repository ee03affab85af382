package import FoveaKernels

/// Chooses direct convolution, Winograd's or our own over planes, for each convolution and direction,
/// by a rule.
///
/// A rule and not a timing, so that runs repeat bit for bit; and not oneDNN's own `auto`, which
/// takes Winograd where it is several times slower. `fovea bench --kernels` shows the times that the
/// rule was fitted to.
package struct ChooseKernels: Pass {
  /// The processor that the choice is for; every kernel runs on every processor.
  private let level: ProcessorLevel

  package init(level: ProcessorLevel = .current) { self.level = level }

  package func run(_ program: Program) throws(ShapeError) -> Program {
    var rewriter = Rewriter(program)
    let prepared = Self.prepared(program)
    for (index, node) in program.nodes.enumerated() {
      func shape(_ input: Int) -> Shape { program.type(of: node.inputs[input]).shape }
      switch node.op {
      case var op as Convolution2D:
        op.algorithm = Self.algorithm(
          .forward, op.geometry, weights: shape(1), result: node.types[0].shape, level: level)
        if op.algorithm == .winograd, op.activation ?? .relu == .relu {
          let convolution = WinogradConvolution2D(
            geometry: op.geometry, hasBias: op.hasBias, isRectified: op.activation == .relu)
          try rewriter.replace(index, node, by: convolution, isTurned: false)
        } else {
          if op.algorithm == .winograd { op.algorithm = .direct }
          try rewriter.keep(index, as: op)
        }
      case var op as Convolution2DInputGradient:
        op.algorithm = Self.algorithm(
          .backwardData, op.geometry, weights: shape(1), result: shape(0), level: level)
        if op.algorithm == .winograd {
          let convolution = WinogradConvolution2D(
            geometry: op.geometry.turned(window: 3), hasBias: false, isRectified: false)
          try rewriter.replace(index, node, by: convolution, isTurned: true)
        } else {
          try rewriter.keep(index, as: op)
        }
      case var op as Convolution2DWeightGradient:
        op.algorithm = Self.algorithm(
          .backwardWeights, op.geometry, weights: op.weights, result: shape(1), level: level)
        try rewriter.keep(index, as: op)
      case var op as MatMul:
        let rows = node.types[0].shape[-2]
        let isFew = rows <= Self.fewRows && node.types[0].shape.rank == 2
        // A single row reads a large matrix as it is, in a kernel of our own.
        let isVector = op.isVectorProduct(shape(0), shape(1))
        op.packsRight = isFew && !isVector && prepared.contains(node.inputs[1].node)
        if Self.isTall(op, node.types[0].shape) {
          let inputs = node.inputs.map { rewriter.replacement(of: $0) }
          let swapped = try rewriter.add(op, [inputs[1], inputs[0]])
          rewriter.replace(Value(index), by: try rewriter.add(Permute(axes: [1, 0]), swapped)[0])
        } else {
          try rewriter.keep(index, as: op)
        }
      default: try rewriter.keep(index)
      }
    }
    return rewriter.finished()
  }

  /// Rows of a product below which packing the other operand anew takes a noticeable share of it.
  private static let fewRows = 512

  /// Whether the product LᵀR of a wide L and a narrow R is faster as (RᵀL)ᵀ: transposing the operand
  /// on the left while it is packed costs less the narrower it is.
  private static func isTall(_ op: MatMul, _ result: Shape) -> Bool {
    op.transposesLeft && !op.transposesRight && !op.hasBias && op.activation == nil
      && result.rank == 2
      && result[0] >= 8 * result[1] && result[1] > 1
  }

  /// The nodes that are computed before the plan runs, once: what follows from variables alone where
  /// nothing updates them.
  private static func prepared(_ program: Program) -> Set<Int> {
    guard program.nodes.allSatisfy(\.op.updatedInputs.isEmpty) else { return [] }
    var prepared: Set<Int> = []
    for (index, node) in program.nodes.enumerated() where !(node.op is Input) {
      if node.inputs.allSatisfy({ prepared.contains($0.node) }) { prepared.insert(index) }
    }
    return prepared
  }

  /// The three computations of a convolution.
  package enum Direction: String, CaseIterable, Codable, Sendable {
    case forward, backwardData, backwardWeights
  }

  /// Our own is for at most four pairs of planes, which oneDNN fills up to 8 or 16 channels. Winograd's
  /// F(4×4, 3×3) needs 3×3 windows, stride 1, no dilation and channels by 16. It pays with vectors of
  /// 16 numbers where at most half of its tiles hangs over the edge, and as long as the transformed
  /// weights, four times as large, stay in the caches.
  package static func algorithm(
    _ direction: Direction, _ geometry: WindowGeometry, weights: Shape, result: Shape,
    level: ProcessorLevel = .current
  ) -> ConvolutionAlgorithm {
    guard weights.rank == 4, geometry.strides == [1, 1], geometry.dilations == [1, 1] else {
      return .direct
    }
    if weights[0] * weights[1] <= 4, ConvolutionDescription.hasPlanes(geometry, weights: weights) {
      return .planes
    }
    guard WinogradDescription.isFast(on: level), weights[2] == 3, weights[3] == 3,
      weights[0] % WinogradDescription.block == 0, weights[1] % WinogradDescription.block == 0,
      (geometry.paddingBefore + geometry.paddingAfter).allSatisfy({ $0 <= 2 })
    else { return .direct }
    let places = result[2] * result[3]
    let tiles = ((result[2] + 3) / 4) * ((result[3] + 3) / 4)
    guard 8 * tiles <= places, weights[0] * weights[1] <= 1 << 16 else { return .direct }
    // Adding up over few tiles is little beside transforming what they add up to.
    let isWorthWhile = direction != .backwardWeights || result[0] * tiles >= 64
    return isWorthWhile ? .winograd : .direct
  }
}

extension Rewriter {
  /// Puts Winograd's convolution in an old node's place.
  fileprivate mutating func replace(
    _ index: Int, _ node: Node, by convolution: WinogradConvolution2D, isTurned: Bool
  ) throws(ShapeError) {
    var inputs = node.inputs.map { replacement(of: $0) }
    inputs[1] = try add(WinogradWeights(isTurned: isTurned), [inputs[1]])[0]
    replace(Value(index), by: try add(convolution, inputs)[0])
  }
}

extension WindowGeometry {
  /// That of the convolution of the result's gradient which gives the source's, at stride 1.
  fileprivate func turned(window: Int) -> WindowGeometry {
    WindowGeometry(
      paddingBefore: paddingBefore.map { window - 1 - $0 },
      paddingAfter: paddingAfter.map { window - 1 - $0 })
  }
}
