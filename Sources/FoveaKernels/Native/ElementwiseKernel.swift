import CKernels
package import FoveaArray

/// Runs an elementwise chain.
package enum ElementwiseKernel {
  /// Operands: the program's inputs, result. Inputs broadcast to the result's shape.
  ///
  /// The result's layout is strided, and then every input is strided and varies with stride 1 or 0
  /// along the result's innermost axis or not; or it is blocked, and then every input has the same
  /// blocks or a single element, or, where blocks are whole, lies beside them
  /// (`Layout.beside(blocksOf:)`).
  package static func make(
    _ program: ElementwiseProgram, inputs: [Layout], result: Layout, threads: Int
  ) throws(KernelError) -> NativeKernel {
    var chain: fovea_chain
    do {
      chain = try program.chain()
    } catch {
      throw KernelError(error.description)
    }
    var (inputs, result) = (inputs, result)
    if let view = result.blocksAsAxis, let block = result.channelBlock {
      let views = inputs.compactMap { $0.blocksAsAxis ?? $0.beside(blocksOf: block) }
      if views.count == inputs.count { (inputs, result) = (views, view) }
    }
    let space = iterationSpace(inputs: inputs, result: result)
    chain.rank = Int32(space.sizes.count)
    store(space.sizes.map { Int64($0) }, in: &chain.sizes)
    let padded = space.strides.map { strides in
      strides.map { Int64($0) }
        + [Int64](repeating: 0, count: Int(FOVEA_MAXIMUM_RANK) - strides.count)
    }
    store(padded.flatMap { $0 }, in: &chain.strides)
    let finished = chain
    let name = program.steps.map(\.function.name).joined(separator: "+")
    return NativeKernel(
      program.steps.count > 3 ? "chain[\(program.steps.count)]" : name,
      scratchBytes: Int(withUnsafePointer(to: finished) { fovea_chain_scratch($0, Int32(threads)) })
    ) { operands, scratch in
      let bound = BoundChain(finished, operands)
      return { bound.run(scratch, threads) }
    }
  }

  /// The sizes to walk and each input's strides, with axes merged where no input tells them apart.
  private static func iterationSpace(
    inputs: [Layout], result: Layout
  ) -> (sizes: [Int], strides: [[Int]]) {
    guard let order = result.order else {
      let count = result.byteCount / result.type.elementType.byteCount
      return ([count], inputs.map { [$0.type.shape.elementCount == 1 ? 0 : 1] })
    }
    let shape = result.type.shape
    var sizes: [Int] = []
    var strides: [[Int]] = inputs.map { _ in [] }
    let full = inputs.map { input in
      input.type.shape.broadcastStrides(to: shape, strides: input.strides)
    }
    for axis in order where shape[axis] != 1 {
      let merges =
        !sizes.isEmpty
        && inputs.indices.allSatisfy {
          strides[$0][sizes.count - 1] == full[$0][axis] * shape[axis]
        }
      if merges {
        sizes[sizes.count - 1] *= shape[axis]
        for input in inputs.indices { strides[input][sizes.count - 1] = full[input][axis] }
      } else {
        sizes.append(shape[axis])
        for input in inputs.indices { strides[input].append(full[input][axis]) }
      }
    }
    if sizes.isEmpty { return ([1], inputs.map { _ in [0] }) }
    return (sizes, strides)
  }
}

/// A chain with its operands' addresses, both at places that do not move.
private final class BoundChain {
  private let chain: UnsafeMutablePointer<fovea_chain>
  private let inputs: UnsafeMutablePointer<UnsafeRawPointer>
  private let output: UnsafeMutableRawPointer

  init(_ chain: fovea_chain, _ operands: [UnsafeMutableRawPointer]) {
    self.chain = .allocate(capacity: 1)
    self.chain.initialize(to: chain)
    inputs = .allocate(capacity: max(operands.count, 1))
    for (index, operand) in operands.enumerated() {
      (inputs + index).initialize(to: UnsafeRawPointer(operand))
    }
    output = operands[operands.count - 1]
  }

  deinit {
    chain.deallocate()
    inputs.deallocate()
  }

  func run(_ scratch: UnsafeMutableRawPointer, _ threads: Int) {
    fovea_run_chain(chain, inputs, output, scratch, Int32(threads))
  }
}
