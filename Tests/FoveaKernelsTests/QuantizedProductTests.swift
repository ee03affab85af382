import CKernels
import FoveaArray
import FoveaKernels
import Glibc
import Testing

struct QuantizedProductTests {
  private func product(
    _ x: HostArray, _ weights: HostArray, bias: HostArray? = nil, activation: PostOperation? = nil,
    threads: Int = 1, level: QuantizedProductKernel.Level = .best
  ) throws -> [Float] {
    let (rows, depth, columns) = (x.shape[0], x.shape[1], weights.shape[0])
    let quantized = QuantizedWeights(weights)
    let kernel = try #require(
      QuantizedProductKernel.make(
        rows: rows, depth: depth, columns: columns, hasBias: bias != nil, activation: activation,
        threads: threads, level: level))
    return try run(
      kernel,
      [x, quantized.bytes, quantized.scales, quantized.sums] + (bias.map { [$0] } ?? []),
      results: [ArrayType([rows, columns])])[0].floats
  }

  /// A row and its numbers after rounding.
  private func rounded(_ x: [Float]) -> (values: [Float], scale: Float) {
    var bytes = [UInt8](repeating: 0, count: x.count)
    var (scale, offset): (Float, Float) = (0, 0)
    fovea_quantize_row(x, Int64(x.count), &bytes, &scale, &offset)
    return (bytes.map { scale * Float($0) + offset }, scale)
  }

  // MARK: Rounding

  @Test(arguments: [1, 2, 15, 16, 17, 40, 384])
  func aRowIsRoundedByAtMostHalfAStep(_ depth: Int) {
    let even = numbers([depth], seed: 1, scale: 3).floats
    var outlier = even
    outlier[depth / 2] = 1e4
    var shifted = even.map { $0 + 100 }
    shifted[0] = 99
    for x in [even, outlier, shifted, even.map { $0 * 1e-20 }, even.map { -abs($0) }] {
      let (values, scale) = rounded(x)
      let (low, high) = (x.min() ?? 0, x.max() ?? 0)
      #expect(abs(scale - (high - low) / 255) <= 1e-6 * scale)
      for (value, number) in zip(values, x) {
        // Half a step, and what single precision adds where the offset is large.
        #expect(abs(value - number) <= scale / 2 + 4e-7 * max(abs(low), abs(high)))
      }
    }
  }

  @Test func rowsOfOneNumberAreExact() {
    for number in [0, -0.3, 7e5] as [Float] {
      let (values, scale) = rounded([Float](repeating: number, count: 37))
      #expect(values.allSatisfy { $0 == number })
      #expect(scale == 0)
    }
  }

  /// A row with a single 1 picks a column of the weights as they are after rounding.
  @Test func weightsAreRoundedByAtMostHalfAStep() throws {
    let (columns, depth) = (70, 23)
    var numbers = numbers([columns, depth], seed: 2).floats
    for k in 0..<depth {
      numbers[3 * depth + k] = 0
      numbers[4 * depth + k] *= 1e-12
    }
    numbers[5 * depth + 7] = 1_000
    let weights = HostArray([columns, depth], numbers)
    let scales = QuantizedWeights(weights).scales.floats
    var single = [Float](repeating: 0, count: depth * depth)
    for k in 0..<depth { single[k * depth + k] = 1 }
    let found = try product(HostArray([depth, depth], single), weights)
    for column in 0..<columns {
      let row = numbers[(column * depth)..<((column + 1) * depth)]
      let largest = row.map { abs($0) }.max() ?? 0
      #expect(scales[column] == largest / 127)
      for (k, number) in row.enumerated() {
        #expect(
          abs(found[k * columns + column] - number) <= scales[column] * 0.5 + 1e-6 * largest)
      }
    }
  }

  // MARK: Products

  /// Whole numbers whose scales are 1, so that the result is the sum of their products.
  private func wholeNumbers(
    _ rows: Int, _ depth: Int, _ columns: Int, extremes: Bool
  ) -> (x: HostArray, weights: HostArray, product: [Float]) {
    let key = RandomKey(seed: 7).folding(rows).folding(depth).folding(columns)
    var x = (0..<(rows * depth)).map { Int(key.integer(below: 256, at: UInt64($0))) }
    var weights = (0..<(columns * depth)).map {
      Int(key.folding("weights").integer(below: 255, at: UInt64($0))) - 127
    }
    if extremes {
      x = x.map { _ in 255 }
      weights = weights.indices.map { $0 / depth % 2 == 0 ? 127 : -127 }
    }
    // Two numbers of a row and one of a column fix the scales.
    for row in 0..<rows where depth > 1 {
      x[row * depth] = 0
      x[row * depth + depth - 1] = 255
    }
    for column in 0..<columns { weights[column * depth] = column % 3 == 0 ? -127 : 127 }
    var product: [Float] = []
    for row in 0..<rows {
      for column in 0..<columns {
        product.append(
          Float((0..<depth).reduce(0) { $0 + x[row * depth + $1] * weights[column * depth + $1] }))
      }
    }
    return (
      HostArray([rows, depth], x.map { Float($0) }),
      HostArray([columns, depth], weights.map { Float($0) }), product
    )
  }

  /// With 255 and ±127 everywhere, sums of two products in 16 bits would saturate.
  @Test(arguments: QuantizedProductKernel.Level.available, [false, true])
  func sumsOfWholeNumbersAreExact(
    _ level: QuantizedProductKernel.Level, extremes: Bool
  ) throws {
    for (rows, depth, columns) in [
      (1, 1, 1), (2, 2, 3), (3, 4, 63), (4, 5, 64), (5, 33, 65), (47, 7, 130), (49, 8, 64),
      (6, 513, 2), (101, 3, 5),
    ] {
      let (x, weights, expected) = wholeNumbers(rows, depth, columns, extremes: extremes)
      for threads in [1, 2] {
        let found = try product(x, weights, threads: threads, level: level)
        #expect(found == expected, "\(rows) × \(depth) × \(columns), \(threads) threads")
      }
    }
  }

  /// Large enough for both ways in which threads share the work.
  @Test(arguments: [8, 200]) func threadsShareTheWork(_ rows: Int) throws {
    let (x, weights, expected) = wholeNumbers(rows, 64, 650, extremes: false)
    for threads in [1, 2, 3] {
      #expect(try product(x, weights, threads: threads) == expected)
    }
  }

  /// |Σ x W − Σ x̂ Ŵ| ≤ Σ |x − x̂| |Ŵ| + Σ |x| |W − Ŵ|
  @Test(arguments: QuantizedProductKernel.Level.available)
  func theErrorOfAProductIsThatOfItsFactors(_ level: QuantizedProductKernel.Level) throws {
    let (rows, depth, columns) = (9, 200, 70)
    var numbersOfRows = numbers([rows, depth], seed: 3).floats
    // One large outlier; nothing but zeros.
    numbersOfRows[depth + 11] = 500
    for k in 0..<depth { numbersOfRows[2 * depth + k] = 0 }
    let x = HostArray([rows, depth], numbersOfRows)
    let weights = numbers([columns, depth], seed: 4)
    let bias = numbers([columns], seed: 5)
    let scales = QuantizedWeights(weights).scales.floats
    let found = try product(x, weights, bias: bias, level: level)
    for row in 0..<rows {
      let numbers = Array(numbersOfRows[(row * depth)..<((row + 1) * depth)])
      let step = Double(rounded(numbers).scale)
      for column in 0..<columns {
        var (sum, bound) = (Double(bias.floats[column]), 1e-6)
        for k in 0..<depth {
          let weight = Double(weights.floats[column * depth + k])
          let half = Double(scales[column]) / 2
          sum += Double(numbers[k]) * weight
          bound += step / 2 * (abs(weight) + half) + abs(Double(numbers[k])) * half
        }
        let result = Double(found[row * columns + column])
        #expect(abs(result - sum) <= bound * 1.001)
        if row == 2 { #expect(result == Double(bias.floats[column])) }
      }
    }
  }

  @Test func aRowIsTheSameAloneAndAmongOthers() throws {
    let (rows, depth, columns) = (53, 130, 200)
    let x = numbers([rows, depth], seed: 6)
    let weights = numbers([columns, depth], seed: 7)
    let all = try product(x, weights, threads: 2)
    for row in 0..<rows {
      let alone = HostArray([1, depth], Array(x.floats[(row * depth)..<((row + 1) * depth)]))
      #expect(
        try product(alone, weights) == Array(all[(row * columns)..<((row + 1) * columns)]))
    }
  }

  @Test func whatIsNoNumberSpoilsItsRowOrColumnAlone() throws {
    let (rows, depth, columns) = (6, 20, 70)
    var x = numbers([rows, depth], seed: 8).floats
    x[depth + 3] = .nan
    x[2 * depth + 19] = -.infinity
    var weights = numbers([columns, depth], seed: 9).floats
    weights[66 * depth + 2] = .nan
    weights[5 * depth + 17] = .infinity
    let found = try product(
      HostArray([rows, depth], x), HostArray([columns, depth], weights))
    for row in 0..<rows {
      for column in 0..<columns {
        let isSpoilt = [1, 2].contains(row) || [5, 66].contains(column)
        #expect(found[row * columns + column].isNaN == isSpoilt)
      }
    }
  }

  @Test(arguments: QuantizedProductKernel.Level.available)
  func functionsAreAppliedToTheSum(_ level: QuantizedProductKernel.Level) throws {
    let x = numbers([5, 40], seed: 10, scale: 2)
    let weights = numbers([67, 40], seed: 11)
    let bias = numbers([67], seed: 12)
    func check(_ activation: PostOperation, _ function: (Double) -> Double) throws {
      let plain = try product(x, weights, bias: bias, level: level)
      expectClose(
        try product(x, weights, bias: bias, activation: activation, level: level),
        plain.map { function(Double($0)) }, absolute: 1e-5, "\(activation)")
    }
    try check(.relu) { max($0, 0) }
    try check(.gelu) { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) }
    try check(.geluTanh) { x in
      0.5 * x * (1 + tanh(0.797_884_560_802_865 * (x + 0.044715 * x * x * x)))
    }
    #expect(
      QuantizedProductKernel.make(
        rows: 1, depth: 1, columns: 1, hasBias: false, activation: .sum, threads: 1) == nil)
  }
}
