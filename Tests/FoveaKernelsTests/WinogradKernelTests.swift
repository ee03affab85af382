import FoveaArray
import FoveaKernels
import Testing

struct WinogradKernelTests {
  /// Where no source meets a gradient, a tap's gradient is 0 and not the noise of the transforms,
  /// of which Adam would make a whole step.
  @Test func theGradientOfATapThatNothingMeetsIsZero() throws {
    let type = ArrayType([1, 16, 8, 8])
    let layout = Layout.ordered(type, axes: [0, 2, 3, 1])
    func one(_ value: Float, row: Int, column: Int, channel: Int) -> HostArray {
      var values = [Float](repeating: 0, count: 8 * 8 * 16)
      values[(row * 8 + column) * 16 + channel] = value
      return HostArray([1, 8, 8, 16], values)
    }
    let kernel = WinogradDescription(source: layout, result: layout, paddingBefore: [1, 1])
      .backwardWeights(hasBias: true, threads: 2)
    for (row, column) in [(2, 3), (3, 3), (4, 2), (0, 0)] {
      let gradients = try run(
        kernel,
        [
          one(1.7, row: row, column: column, channel: 5),
          one(0.3, row: 3, column: 3, channel: 2),
        ], results: [ArrayType([16, 16, 3, 3]), ArrayType([16])])
      let place = (row - 3 + 1, column - 3 + 1)
      for (index, value) in gradients[0].floats.enumerated() {
        let (output, channel, tap) = (index / 144, index / 9 % 16, index % 9)
        if output == 2, channel == 5, (0..<3).contains(place.0), (0..<3).contains(place.1),
          tap == place.0 * 3 + place.1
        {
          #expect(abs(value - 0.51) < 1e-6)
        } else {
          #expect(value == 0, "element \(index)")
        }
      }
      #expect(gradients[1].floats == (0..<16).map { $0 == 2 ? 0.3 : 0 })
    }
  }

  /// Channels last and blocks of channels are read alike, to the bit.
  @Test func bothLayoutsGiveTheSame() throws {
    let (source, result) = (ArrayType([2, 32, 6, 7]), ArrayType([2, 48, 6, 7]))
    let last = numbers([2, 6, 7, 32], seed: 1)
    // [batch, block, row, column, 16]
    var blocked: [Float] = []
    for item in 0..<2 {
      for block in 0..<2 {
        for place in 0..<42 {
          let first = (item * 42 + place) * 32 + block * 16
          blocked += last.floats[first..<(first + 16)]
        }
      }
    }
    let weights = try run(
      WinogradDescription.transform(outputs: 48, channels: 32, isTurned: false),
      [numbers([48, 32, 3, 3], seed: 2)],
      results: [ArrayType(WinogradDescription.transformedShape(outputs: 48, channels: 32))])[0]
    func forward(_ layout: (ArrayType) -> Layout, _ array: HostArray) throws -> [Float] {
      let kernel = WinogradDescription(
        source: layout(source), result: layout(result), paddingBefore: [1, 1])
      return try run(
        kernel.forward(hasBias: false, relu: false, threads: 2), [array, weights],
        results: [ArrayType([2, 6, 7, 48])])[0].floats
    }
    let one = try forward({ .ordered($0, axes: [0, 2, 3, 1]) }, last)
    let other = try forward(
      { .channelBlocks(of: $0, block: 16) }, HostArray([2, 2, 6, 7, 16], blocked))
    for item in 0..<2 {
      for channel in 0..<48 {
        for place in 0..<42 {
          let block = ((item * 3 + channel / 16) * 42 + place) * 16 + channel % 16
          #expect(one[(item * 42 + place) * 48 + channel] == other[block])
        }
      }
    }
  }

  @Test func rowMajorArraysAreNotAccepted() {
    let type = ArrayType([1, 16, 8, 8])
    #expect(!WinogradDescription.isAccepted(.rowMajor(type)))
    #expect(WinogradDescription.isAccepted(.channelBlocks(of: type, block: 16)))
    #expect(!WinogradDescription.isAccepted(.channelBlocks(of: type, block: 8)))
    #expect(
      !WinogradDescription.isAccepted(.ordered(ArrayType([1, 8, 8, 8]), axes: [0, 2, 3, 1])))
  }
}
