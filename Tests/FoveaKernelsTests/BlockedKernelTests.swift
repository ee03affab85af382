import FoveaArray
import FoveaKernels
import Testing

/// Kernels that read blocks of channels as they are give what they give row by row.
struct BlockedKernelTests {
  private static let shapes: [Shape] = [
    [3, 16, 5, 7], [2, 32, 8, 8], [1, 48, 1, 1], [5, 64, 1, 3], [2, 16, 40, 33],
  ]

  /// The bytes that `aBcd16b` has, or `aBcd8b`, as an array of five axes.
  private func blocked(_ x: HostArray, by block: Int) -> HostArray {
    let sizes = x.shape.sizes
    let places = sizes[2] * sizes[3]
    var result = [Float](repeating: 0, count: x.floats.count)
    for (index, value) in x.floats.enumerated() {
      let (image, place) = (index / places, index % places)
      let (item, channel) = (image / sizes[1], image % sizes[1])
      let row = (item * (sizes[1] / block) + channel / block) * places + place
      result[row * block + channel % block] = value
    }
    return HostArray([sizes[0], sizes[1] / block, sizes[2], sizes[3], block], result)
  }

  @Test(arguments: shapes, [[1], [2, 3], [0, 2, 3], [1, 2, 3], [0, 1, 2, 3], [1, 3]])
  func reductions(_ shape: Shape, _ axes: [Int]) throws {
    for block in [8, 16] { try reduce(shape, axes, block: block) }
  }

  private func reduce(_ shape: Shape, _ axes: [Int], block: Int) throws {
    var x = numbers(shape, seed: 3)
    let layout = Layout.channelBlocks(of: x.type, block: block)
    #expect(ReductionKernel.takesBlocks(layout, axes: axes))
    let result = ArrayType(shape.reduced(axes: axes, keepingAxes: false))
    for reduction in Reduction.allCases {
      for threads in [1, 2] {
        let plain = try run(
          ReductionKernel.make(reduction, .rowMajor(x.type), axes: axes, threads: threads), [x],
          results: [result])[0]
        let inBlocks = try run(
          ReductionKernel.make(reduction, layout, axes: axes, threads: threads),
          [blocked(x, by: block)],
          results: [result])[0]
        expectClose(
          inBlocks.floats, plain.floats.map(Double.init), absolute: 1e-5,
          "\(reduction) over \(axes) on \(threads), blocks of \(block)")
      }
    }
    // What is no number wins over all others.
    var values = x.floats
    values[values.count / 2] = .nan
    x = HostArray(shape, values)
    let largest = try run(
      ReductionKernel.make(.max, layout, axes: axes, threads: 2), [blocked(x, by: block)],
      results: [result])
    #expect(largest[0].floats.count(where: \.isNaN) == 1)
  }

  @Test func channelsAndPlacesThatTakeTurnsAreNotTaken() {
    let layout = Layout.channelBlocks(of: ArrayType([2, 32, 4, 4]), block: 16)
    #expect(!ReductionKernel.takesBlocks(layout, axes: [2]))
    #expect(!ReductionKernel.takesBlocks(layout, axes: [0]))
    let padded = ArrayType([2, 24, 4, 4])
    #expect(!ReductionKernel.takesBlocks(.channelBlocks(of: padded, block: 16), axes: [1]))
    #expect(ReductionKernel.takesBlocks(.channelBlocks(of: padded, block: 8), axes: [1]))
    #expect(Layout.rowMajor(ArrayType([2, 32, 1, 4])).beside(blocksOf: 16) == nil)
    #expect(Layout.rowMajor(ArrayType([24, 1, 1])).beside(blocksOf: 16) == nil)
    #expect(Layout.rowMajor(ArrayType([24, 1, 1])).beside(blocksOf: 8) != nil)
  }

  @Test(arguments: shapes) func chainsWithGates(_ shape: Shape) throws {
    let sizes = shape.sizes
    let x = numbers(shape, seed: 4)
    let gates: [Shape] = [
      [sizes[0], sizes[1], 1, 1], [sizes[0], 1, sizes[2], sizes[3]], [sizes[1], 1, 1],
      [1, 1, sizes[2], sizes[3]], [sizes[0], 1, 1, 1], [sizes[2], sizes[3]], [],
    ]
    for (index, gate) in gates.enumerated() {
      let other = numbers(gate, seed: UInt64(10 + index))
      let program = ElementwiseProgram(
        inputs: [.float32, .float32],
        steps: [
          .init(.multiply, [.input(0), .input(1)]), .init(.subtract, [.step(0), .input(1)]),
        ])
      let plain = try run(
        ElementwiseKernel.make(
          program, inputs: [.rowMajor(x.type), .rowMajor(other.type)], result: .rowMajor(x.type),
          threads: 2), [x, other], results: [x.type])[0]
      for block in [8, 16] {
        let blocks = Layout.channelBlocks(of: x.type, block: block)
        let inBlocks = try run(
          ElementwiseKernel.make(
            program, inputs: [blocks, .rowMajor(other.type)], result: blocks, threads: 2),
          [blocked(x, by: block), other], results: [blocked(x, by: block).type])[0]
        #expect(inBlocks == blocked(plain, by: block), "\(shape) with \(gate), by \(block)")
      }
    }
  }
}
