import FoveaArray
import FoveaKernels
import Glibc
import Testing

/// Softmax, reductions, gather and scatter: kernels that work row by row.
struct RowKernelTests {
  private func rows(_ array: HostArray) -> [[Double]] {
    let columns = array.shape[-1]
    return (0..<(array.shape.elementCount / max(columns, 1))).map { row in
      array.floats[(row * columns)..<((row + 1) * columns)].map(Double.init)
    }
  }

  private func softmax(_ row: [Double]) -> [Double] {
    let largest = row.max() ?? 0
    let exponentials = row.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  @Test(arguments: sizes) func softmaxAgreesWithTheLoop(columns: Int) throws {
    let x = numbers([5, columns], seed: 6, scale: 20)
    let y = try run(
      ReductionKernel.softmax(x.type, logarithm: false), [x], results: [x.type])[0]
    let z = try run(ReductionKernel.softmax(x.type, logarithm: true), [x], results: [x.type])[0]
    expectClose(y.floats, rows(x).flatMap(softmax), absolute: 1e-7, relative: 5e-6)
    expectClose(
      z.floats, rows(x).flatMap { softmax($0).map { log($0) } }, absolute: 1e-5, relative: 1e-5)
    for row in rows(y) { #expect(abs(row.reduce(0, +) - 1) < 1e-5) }
  }

  @Test func softmaxOfLargeNumbersStaysFinite() throws {
    let x = HostArray([2, 3], [1e30, -1e30, 1e30, -.infinity, 0, 5] as [Float])
    let y = try run(ReductionKernel.softmax(x.type, logarithm: false), [x], results: [x.type])[0]
    expectClose(y.floats, [0.5, 0, 0.5, 0, softmax([0, 5])[0], softmax([0, 5])[1]])
  }

  @Test(arguments: sizes) func reductionsAgreeWithTheLoop(columns: Int) throws {
    let x = numbers([3, columns], seed: 7, scale: 2)
    let layout = Layout.rowMajor(x.type)
    let folds: [(Reduction, ([Double]) -> Double)] = [
      (.sum, { $0.reduce(0, +) }), (.max, { $0.max() ?? 0 }),
      (.sumOfSquares, { $0.reduce(0) { $0 + $1 * $1 } }),
    ]
    let byColumn = (0..<columns).map { column in rows(x).map { $0[column] } }
    for (reduction, fold) in folds {
      let inner = try run(
        ReductionKernel.make(reduction, layout, axes: [1], threads: 2), [x],
        results: [ArrayType([3])])[0]
      expectClose(inner.floats, rows(x).map(fold), absolute: 2e-5, "\(reduction) of rows")
      let outer = try run(
        ReductionKernel.make(reduction, layout, axes: [0], threads: 2), [x],
        results: [ArrayType([columns])])[0]
      expectClose(outer.floats, byColumn.map(fold), "\(reduction) of columns")
      let all = try run(
        ReductionKernel.make(reduction, layout, axes: [0, 1], threads: 2), [x],
        results: [ArrayType([])])[0]
      expectClose(
        all.floats, [fold(x.floats.map(Double.init))], absolute: 5e-5, "\(reduction) of all")
    }
  }

  @Test func aSumOverNothingIsZero() throws {
    let x = HostArray(zeros: ArrayType([0, 40]))
    let y = try run(
      ReductionKernel.make(.sum, .rowMajor(x.type), axes: [0], threads: 2), [x],
      results: [ArrayType([40])])[0]
    #expect(y.floats.allSatisfy { $0 == 0 })
  }

  /// Sums of many numbers are formed in parts: their error stays far below that of one long sum.
  @Test func aLongSumIsExactToSinglePrecision() throws {
    let x = HostArray([1_000_000], [Float](repeating: 0.1, count: 1_000_000))
    let y = try run(
      ReductionKernel.make(.sum, .rowMajor(x.type), axes: [0], threads: 2), [x],
      results: [ArrayType([])])[0]
    #expect(abs(y.scalar - 1e6 * 0.1) < 0.1)
  }

  @Test(arguments: sizes) func argMaxIsTheFirstLargest(columns: Int) throws {
    var values = numbers([4, columns], seed: 8).floats
    // A tie: the last element equals the largest of its row.
    let largest = values[0..<columns].max() ?? 0
    values[columns - 1] = largest
    let x = HostArray([4, columns], values)
    let y = try run(ReductionKernel.argMax(x.type), [x], results: [ArrayType([4], .int32)])[0]
    let expected = rows(x).map { row in Int32(row.firstIndex(of: row.max() ?? 0) ?? 0) }
    #expect(y.elements(of: Int32.self) == expected)
  }

  // MARK: Gather and scatter

  @Test(arguments: sizes) func gatherCopiesWhatIndicesName(inner: Int) throws {
    let x = numbers([2, 5, inner], seed: 9)
    let indices = HostArray([4, 0, 0, 2, 1, 3, 4] as [Int32])
    let y = try run(
      CopyKernels.gather(outer: 2, size: 5, indices: 7, inner: inner, elementType: .float32),
      [x, indices], results: [ArrayType([2, 7, inner])])[0]
    var expected: [Float] = []
    for outer in 0..<2 {
      for index in indices.elements(of: Int32.self) {
        let start = (outer * 5 + Int(index)) * inner
        expected += x.floats[start..<(start + inner)]
      }
    }
    #expect(y.floats == expected)
  }

  @Test(arguments: sizes) func scatterAddsInTheOrderOfTheIndices(inner: Int) throws {
    let updates = numbers([2, 6, inner], seed: 10)
    let indices: [Int32] = [1, 3, 1, 0, 1, 3]
    let y = try run(
      CopyKernels.scatterAdd(outer: 2, size: 4, indices: 6, inner: inner),
      [updates, HostArray(indices)], results: [ArrayType([2, 4, inner])])[0]
    var expected = [Float](repeating: 0, count: 8 * inner)
    for outer in 0..<2 {
      for (position, index) in indices.enumerated() {
        for column in 0..<inner {
          expected[(outer * 4 + Int(index)) * inner + column] +=
            updates.floats[(outer * 6 + position) * inner + column]
        }
      }
    }
    #expect(y.floats == expected)
  }

  /// An index that nothing is behind is an error, never a read or a write outside the array.
  @Test(arguments: [-1, 5, Int32.max, Int32.min]) func anIndexOutsideIsAnError(index: Int32) {
    let x = numbers([5, 3], seed: 11)
    let indices = HostArray([0, index] as [Int32])
    #expect(throws: KernelError("gather: an index lies outside 0..<5")) {
      try run(
        CopyKernels.gather(outer: 1, size: 5, indices: 2, inner: 3, elementType: .float32),
        [x, indices], results: [ArrayType([2, 3])])
    }
    #expect(throws: KernelError("scatterAdd: an index lies outside 0..<5")) {
      try run(
        CopyKernels.scatterAdd(outer: 1, size: 5, indices: 2, inner: 3),
        [numbers([2, 3], seed: 12), indices], results: [ArrayType([5, 3])])
    }
  }
}
