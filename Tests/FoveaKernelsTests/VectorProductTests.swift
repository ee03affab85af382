import FoveaArray
import FoveaKernels
import Testing

struct VectorProductTests {
  /// The product in double precision.
  private func expected(
    _ vector: [Float], _ matrix: [Float], _ bias: [Float]?, _ function: (Double) -> Double
  ) -> [Double] {
    let columns = vector.count
    return (0..<(matrix.count / columns)).map { row in
      var sum = bias.map { Double($0[row]) } ?? 0
      for column in 0..<columns {
        sum += Double(vector[column]) * Double(matrix[row * columns + column])
      }
      return function(sum)
    }
  }

  private func check(
    rows: Int, columns: Int, hasBias: Bool, activation: PostOperation?,
    _ function: (Double) -> Double = { $0 }
  ) throws {
    let vector = numbers([1, columns], seed: 1)
    let matrix = numbers([rows, columns], seed: 2)
    let bias = numbers([rows], seed: 3)
    let kernel = try #require(
      VectorProductKernel.make(
        rows: rows, columns: columns, hasBias: hasBias, activation: activation))
    let found = try run(
      kernel, [vector, matrix] + (hasBias ? [bias] : []), results: [ArrayType([1, rows])])
    expectClose(
      found[0].floats,
      expected(vector.floats, matrix.floats, hasBias ? bias.floats : nil, function),
      absolute: 1e-5, "\(rows) × \(columns)")
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 33, 1_025])
  func productsAreThoseOfALoop(_ rows: Int) throws {
    for columns in sizes {
      try check(rows: rows, columns: columns, hasBias: true, activation: nil)
      try check(rows: rows, columns: columns, hasBias: false, activation: nil)
    }
  }

  @Test func functionsAreAppliedToTheSum() throws {
    try check(rows: 19, columns: 40, hasBias: true, activation: .relu) { max($0, 0) }
    // GELU by its defining integral, Φ by Simpson's rule.
    func normal(_ x: Double) -> Double {
      let steps = 2_000
      let width = x / Double(steps)
      func density(_ t: Double) -> Double { exponential(-t * t / 2) / 2.506_628_274_631 }
      var sum = density(0) + density(x)
      for step in 1..<steps { sum += density(Double(step) * width) * (step % 2 == 1 ? 4 : 2) }
      return 0.5 + sum * width / 3
    }
    try check(rows: 19, columns: 40, hasBias: true, activation: .gelu) { $0 * normal($0) }
    try check(rows: 19, columns: 40, hasBias: true, activation: .geluTanh) { x in
      let inner = 0.797_884_560_802_865 * (x + 0.044715 * x * x * x)
      let power = exponential(2 * inner)
      return 0.5 * x * (1 + (power - 1) / (power + 1))
    }
    #expect(
      VectorProductKernel.make(rows: 1, columns: 1, hasBias: false, activation: .sum) == nil)
  }

  /// e^x by the series of a small part, squared again.
  private func exponential(_ x: Double) -> Double {
    let small = x / 4096
    var result = 1 + small + small * small / 2 + small * small * small / 6
    result += small * small * small * small / 24
    for _ in 0..<12 { result *= result }
    return result
  }

  /// A result does not depend on the rows beside it, and with it not on the number of threads.
  @Test func aRowIsTheSameAloneAndAmongOthers() throws {
    let (rows, columns) = (37, 771)
    let vector = numbers([1, columns], seed: 4)
    let matrix = numbers([rows, columns], seed: 5)
    let kernel = try #require(
      VectorProductKernel.make(rows: rows, columns: columns, hasBias: false, activation: nil))
    let all = try run(kernel, [vector, matrix], results: [ArrayType([1, rows])])[0].floats
    let single = try #require(
      VectorProductKernel.make(rows: 1, columns: columns, hasBias: false, activation: nil))
    for row in 0..<rows {
      let part = HostArray(
        [1, columns], Array(matrix.floats[(row * columns)..<((row + 1) * columns)]))
      #expect(
        try run(single, [vector, part], results: [ArrayType([1, 1])])[0].floats == [all[row]])
    }
  }
}
