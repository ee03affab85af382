import FoveaArray
import FoveaKernels
import Glibc
import Testing

struct AttentionKernelTests {
  /// softmax(scale · Q Kᵀ + mask) V and the log-sum-exp of each row, for one group.
  private func reference(
    _ q: [Double], _ k: [Double], _ v: [Double], _ sizes: (Int, Int, Int, Int),
    mask: [Double]?, scale: Double
  ) -> (result: [Double], logSumExp: [Double], probabilities: [[Double]]) {
    let (queries, keys, headSize, valueSize) = sizes
    var result: [Double] = []
    var logSumExp: [Double] = []
    var probabilities: [[Double]] = []
    for i in 0..<queries {
      let scores = (0..<keys).map { j in
        (0..<headSize).reduce(mask?[i * keys + j] ?? 0) {
          $0 + scale * q[i * headSize + $1] * k[j * headSize + $1]
        }
      }
      let largest = scores.max() ?? 0
      let sum = scores.reduce(0) { $0 + exp($1 - largest) }
      let row = scores.map { exp($0 - largest) / sum }
      logSumExp.append(largest + log(sum))
      probabilities.append(row)
      for c in 0..<valueSize {
        result.append((0..<keys).reduce(0.0) { $0 + row[$1] * v[$1 * valueSize + c] })
      }
    }
    return (result, logSumExp, probabilities)
  }

  private static let shapes: [(Int, Int, Int, Int)] = [
    (1, 1, 1, 1), (3, 5, 4, 7), (64, 64, 16, 16), (65, 63, 9, 3), (17, 513, 8, 5),
    (130, 1_030, 4, 6),
  ]

  @Test(arguments: shapes) func forwardAgreesWithTheLoop(_ sizes: (Int, Int, Int, Int)) throws {
    let (queries, keys, headSize, valueSize) = sizes
    for masked in [false, true] {
      let q = numbers([2, queries, headSize], seed: 20, scale: 2)
      let k = numbers([2, keys, headSize], seed: 21, scale: 2)
      let v = numbers([2, keys, valueSize], seed: 22)
      let mask = numbers([queries, keys], seed: 23, scale: 3)
      let description = AttentionDescription(
        query: .rowMajor(q.type), key: .rowMajor(k.type), value: .rowMajor(v.type),
        result: .rowMajor(ArrayType([2, queries, valueSize])), mask: masked ? mask.shape : nil,
        scale: 0.7)
      let results = try run(
        description.forward(threads: 2), [q, k, v] + (masked ? [mask] : []),
        results: [ArrayType([2, queries, valueSize]), ArrayType([2, queries])])
      var expected: [Double] = []
      var logSumExp: [Double] = []
      for group in 0..<2 {
        func part(_ array: HostArray) -> [Double] {
          let count = array.shape.elementCount / 2
          return array.floats[(group * count)..<((group + 1) * count)].map(Double.init)
        }
        let found = reference(
          part(q), part(k), part(v), sizes, mask: masked ? mask.floats.map(Double.init) : nil,
          scale: Double(Float(0.7)))
        expected += found.result
        logSumExp += found.logSumExp
      }
      expectClose(results[0].floats, expected, absolute: 5e-6, "result of \(sizes)")
      expectClose(results[1].floats, logSumExp, absolute: 5e-6, "log-sum-exp of \(sizes)")
    }
  }

  /// Against the formula dV = Pᵀ dO, dS = P ⊙ (dO Vᵀ − (dO · O)), dQ = s dS K, dK = s dSᵀ Q.
  @Test(arguments: shapes) func backwardAgreesWithTheLoop(_ sizes: (Int, Int, Int, Int)) throws {
    let (queries, keys, headSize, valueSize) = sizes
    let q = numbers([queries, headSize], seed: 24, scale: 2)
    let k = numbers([keys, headSize], seed: 25, scale: 2)
    let v = numbers([keys, valueSize], seed: 26)
    let gradient = numbers([queries, valueSize], seed: 27)
    let scale = 0.7
    let description = AttentionDescription(
      query: .rowMajor(q.type), key: .rowMajor(k.type), value: .rowMajor(v.type),
      result: .rowMajor(gradient.type), scale: Float(scale))
    let forward = try run(
      description.forward(threads: 2), [q, k, v],
      results: [ArrayType([queries, valueSize]), ArrayType([queries])])
    let found = try run(
      description.backward(upstream: .rowMajor(gradient.type), threads: 2),
      [gradient, q, k, v] + forward,
      results: [q.type, k.type, v.type])
    let (Q, K, V) = (
      q.floats.map(Double.init), k.floats.map(Double.init), v.floats.map(Double.init)
    )
    let dO = gradient.floats.map(Double.init)
    let truth = reference(Q, K, V, sizes, mask: nil, scale: Double(Float(scale)))
    var dQ = [Double](repeating: 0, count: Q.count)
    var dK = [Double](repeating: 0, count: K.count)
    var dV = [Double](repeating: 0, count: V.count)
    for i in 0..<queries {
      let dot = (0..<valueSize).reduce(0.0) {
        $0 + dO[i * valueSize + $1] * truth.result[i * valueSize + $1]
      }
      for j in 0..<keys {
        let p = truth.probabilities[i][j]
        var dP = 0.0
        for c in 0..<valueSize {
          dP += dO[i * valueSize + c] * V[j * valueSize + c]
          dV[j * valueSize + c] += p * dO[i * valueSize + c]
        }
        let dS = Double(Float(scale)) * p * (dP - dot)
        for c in 0..<headSize {
          dQ[i * headSize + c] += dS * K[j * headSize + c]
          dK[j * headSize + c] += dS * Q[i * headSize + c]
        }
      }
    }
    for (name, array, expected) in [
      ("dQ", found[0], dQ), ("dK", found[1], dK), ("dV", found[2], dV),
    ] {
      let size = expected.map(abs).max() ?? 1
      expectClose(
        array.floats, expected, absolute: 1e-6 + 1e-5 * size, relative: 1e-4, "\(name) of \(sizes)")
    }
  }

  /// A key that is shut out by −∞ has no part, even as the first of its tile.
  @Test func aMaskOfMinusInfinityShutsOut() throws {
    let q = numbers([2, 4], seed: 28)
    let k = numbers([600, 4], seed: 29)
    let v = numbers([600, 3], seed: 30)
    let mask = HostArray(
      [2, 600], (0..<1_200).map { $0 % 600 == 599 || $0 == 600 ? 0 : -Float.infinity })
    let description = AttentionDescription(
      query: .rowMajor(q.type), key: .rowMajor(k.type), value: .rowMajor(v.type),
      result: .rowMajor(ArrayType([2, 3])), mask: mask.shape, scale: 1)
    let y = try run(
      description.forward(threads: 1), [q, k, v, mask],
      results: [ArrayType([2, 3]), ArrayType([2])])[0]
    expectClose(Array(y.floats[0..<3]), v.floats[1_797..<1_800].map(Double.init))
  }

  /// Queries, keys and values as one product leaves them, `[batch, positions, 3, heads, headSize]`,
  /// against three arrays of their own: the same bits, forward and backward, in place.
  @Test(arguments: [AttentionVisibility.all, .causal, .lengths([2, 1])])
  func headsAreReadAndWrittenWhereTheyLie(_ visibility: AttentionVisibility) throws {
    let (batch, positions, heads, size) = (2, 70, 3, 20)
    let together = numbers([batch, positions, 3, heads, size], seed: 31)
    let dyTogether = numbers([batch, positions, heads, size], seed: 32)
    let lengths = HostArray([2, 1], [Int32(70), 9])
    let hasLengths = visibility != .all && visibility != .causal
    let extra = hasLengths ? [lengths] : []
    /// `[batch, heads, positions, headSize]` of part `part` of `parts`.
    func separated(_ array: HostArray, _ part: Int, of parts: Int) -> HostArray {
      var result: [Float] = []
      for b in 0..<batch {
        for h in 0..<heads {
          for n in 0..<positions {
            let start = (((b * positions + n) * parts + part) * heads + h) * size
            result += array.floats[start..<(start + size)]
          }
        }
      }
      return HostArray([batch, heads, positions, size], result)
    }
    let parts = (0..<3).map { separated(together, $0, of: 3) }
    let dy = separated(dyTogether, 0, of: 1)
    let logSumExp = ArrayType([batch, heads, positions])
    let plain = Layout.rowMajor(parts[0].type)
    let separate = AttentionDescription(
      query: plain, key: plain, value: plain, result: plain, scale: 0.3, visibility: visibility)
    let forward = try run(
      separate.forward(threads: 2), parts + extra, results: [parts[0].type, logSumExp])
    let backward = try run(
      separate.backward(upstream: plain, threads: 2), [dy] + parts + extra + forward,
      results: parts.map(\.type))

    let packedType = ArrayType([3, batch, heads, positions, size])
    let joined = Layout.ordered(parts[0].type, axes: [0, 2, 1, 3])
    let packed = AttentionDescription(
      packed: .ordered(packedType, axes: [1, 3, 0, 2, 4]), result: joined, scale: 0.3,
      visibility: visibility)
    let found = try run(
      packed.forward(threads: 2), [together] + extra, results: [dyTogether.type, logSumExp])
    let gradient = try run(
      packed.backward(upstream: joined, threads: 2), [dyTogether, together] + extra + found,
      results: [together.type])[0]
    #expect(separated(found[0], 0, of: 1) == forward[0] && found[1] == forward[1])
    for part in 0..<3 {
      #expect(separated(gradient, part, of: 3) == backward[part], "part \(part)")
    }
    if hasLengths {
      let unseen = backward[1].floats[(heads * positions * size + 9 * size)...]
      #expect(unseen.prefix((positions - 9) * size).allSatisfy { $0 == 0 })
    }
  }

  /// Scratch memory grows with the sequence, not with its square.
  @Test func scratchDoesNotGrowWithTheSquare() throws {
    func bytes(_ n: Int, backward: Bool) throws -> Int {
      let layout = Layout.rowMajor(ArrayType([n, 16]))
      let description = AttentionDescription(
        query: layout, key: layout, value: layout, result: layout, scale: 1)
      return backward
        ? description.backward(upstream: layout, threads: 2).scratchBytes
        : description.forward(threads: 2).scratchBytes
    }
    for backward in [false, true] {
      let (short, long) = (
        try bytes(1_024, backward: backward), try bytes(4_096, backward: backward)
      )
      #expect(long < 4 * short)
      #expect(try bytes(7_168, backward: backward) - long == long - short)
    }
  }
}
