package import FoveaKernels

/// Several elementwise functions in one loop over tiles; made by `FuseElementwise`, never by hand.
package struct ElementwiseChain: Op {
  package static let name = "chain"
  package static let differentiability = Differentiability.undefined
  package let program: ElementwiseProgram

  package init(program: ElementwiseProgram) { self.program = program }

  package var settings: String {
    program.steps.map { step in
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): "#\(index)"
        case .constant(let index):
          switch program.constants[index] {
          case .float(let value): "\(value)"
          case .integer(let value): "\(value)"
          case .truth(let value): "\(value)"
          }
        case .step(let index): "$\(index)"
        }
      }
      return "\(step.function.name)(\(operands.joined(separator: ", ")))"
    }.joined(separator: " ")
  }

  package func resultTypes(_ inputs: [ArrayType]) throws(ShapeError) -> [ArrayType] {
    var shape: Shape = []
    for input in inputs { shape = try shape.broadcast(with: input.shape, in: Self.name) }
    guard let elementType = try program.stepTypes().last else {
      throw ShapeError(Self.name, "has no steps")
    }
    return [ArrayType(shape, elementType)]
  }

  /// The layout of an input of full size that is not row-major is the layout of all, if the rest
  /// can follow; a blocked one before a permuted one, as a convolution will want the blocks back.
  package func chooseLayouts(_ inputs: [Layout], _ results: [ArrayType]) -> LayoutChoice {
    let shape = results[0].shape
    let isFull = inputs.map { $0.type.shape == shape }
    let rowMajor = LayoutChoice(
      inputs: inputs.map { .rowMajor($0.type) }, results: [.rowMajor(results[0])])
    let candidates = inputs.indices.filter {
      isFull[$0] && !inputs[$0].isRowMajor
    }.map { inputs[$0] }
    guard let leader = candidates.first(where: { $0.strides == nil }) ?? candidates.first else {
      return rowMajor
    }
    if leader.strides == nil {
      let block = leader.blocksAsAxis == nil ? nil : leader.channelBlock
      let follows = inputs.indices.allSatisfy {
        isFull[$0] || inputs[$0].type.shape.elementCount == 1
          || block.flatMap(Layout.rowMajor(inputs[$0].type).beside(blocksOf:)) != nil
      }
      guard follows, !leader.isPadded || program.keepsZeros(isFull) else { return rowMajor }
    }
    return LayoutChoice(
      inputs: inputs.indices.map {
        isFull[$0] ? leader.like(inputs[$0].type) : .rowMajor(inputs[$0].type)
      },
      results: [leader.like(results[0])])
  }

  package func lower(
    _ inputs: [Layout], _ results: [Layout], threads: Int
  ) throws(KernelError) -> Lowering {
    .kernel(
      try ElementwiseKernel.make(program, inputs: inputs, result: results[0], threads: threads))
  }

  package func floatingPointOperations(_ inputs: [ArrayType], _ results: [ArrayType]) -> Int {
    program.operationsPerElement * results[0].shape.elementCount
  }

  package func runsInPlace(of input: Int) -> Bool { true }
}
