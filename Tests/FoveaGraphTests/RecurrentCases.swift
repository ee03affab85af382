import FoveaArray
import FoveaGraph
import FoveaTestSupport

private let any = Domain.uniform(-1, 1)

/// What a reference of one direction gives for one or both, whose gates lie one behind the other.
private func reference(
  _ x: [Array64], gates: Int, size: Int, directions: RecurrentDirections,
  _ one: ([Array64], _ isReversed: Bool) -> Array64
) -> Array64 {
  guard directions == .both else { return one(x, directions == .reverse) }
  let rows = gates * size
  let states = [false, true].map { isReversed in
    let first = isReversed ? rows : 0
    let inputs = x.enumerated().map { index, array in
      var sizes = array.shape.sizes
      // The gates are the last axis of the input and the first of weights and bias.
      let axis = index == 0 ? 2 : 0
      sizes[axis] = rows
      return Array64(Shape(sizes)) { place in
        var place = place
        place[axis] += first
        return array[place]
      }
    }
    return one(inputs, isReversed)
  }
  let shape = states[0].shape
  return Array64([shape[0], shape[1], 2 * size]) { i in
    states[i[2] / size][[i[0], i[1], i[2] % size]]
  }
}

private func lstm(
  _ name: String, time: Int, batch: Int, size: Int, lengths: [Int]? = nil,
  directions: RecurrentDirections = .forward
) -> OpCase {
  let rows = (directions == .both ? 2 : 1) * 4 * size
  return OpCase(
    "lstm, \(name)",
    [(ArrayType([time, batch, rows]), .uniform(-2, 2)), (ArrayType([rows, size]), any)]
      + (lengths.map { [(ArrayType([batch], .int32), .fixed($0.map(Double.init)))] } ?? []),
    absolute: 5e-6,
    build: {
      $0[0].lstm(
        recurrentWeight: $0[1], lengths: $0.count > 2 ? $0[2] : nil, directions: directions)
    },
    reference: {
      reference(Array($0.prefix(2)), gates: 4, size: size, directions: directions) {
        Reference.lstm($0[0], $0[1], lengths: lengths, isReversed: $1)
      }
    })
}

private func gru(
  _ name: String, time: Int, batch: Int, size: Int, lengths: [Int]? = nil,
  directions: RecurrentDirections = .forward
) -> OpCase {
  let rows = (directions == .both ? 2 : 1) * 3 * size
  return OpCase(
    "gru, \(name)",
    [
      (ArrayType([time, batch, rows]), .uniform(-2, 2)), (ArrayType([rows, size]), any),
      (ArrayType([rows]), any),
    ] + (lengths.map { [(ArrayType([batch], .int32), .fixed($0.map(Double.init)))] } ?? []),
    absolute: 5e-6,
    build: {
      $0[0].gru(
        recurrentWeight: $0[1], recurrentBias: $0[2], lengths: $0.count > 3 ? $0[3] : nil,
        directions: directions)
    },
    reference: {
      reference(Array($0.prefix(3)), gates: 3, size: size, directions: directions) {
        Reference.gru($0[0], $0[1], bias: $0[2], lengths: lengths, isReversed: $1)
      }
    })
}

/// An LSTM over a batch that begins with its items, whose states lie that way too.
private func batchFirst(_ name: String, directions: RecurrentDirections) -> OpCase {
  let rows = (directions == .both ? 2 : 1) * 4 * 3
  return OpCase(
    "lstm, \(name)", [(ArrayType([2, 5, rows]), .uniform(-2, 2)), (ArrayType([rows, 3]), any)],
    absolute: 5e-6,
    build: {
      $0[0].permuted([1, 0, 2]).lstm(recurrentWeight: $0[1], directions: directions)
        .permuted([1, 0, 2])
    },
    reference: { x in
      func turned(_ array: Array64) -> Array64 {
        let shape = array.shape
        return Array64([shape[1], shape[0], shape[2]]) { array[[$0[1], $0[0], $0[2]]] }
      }
      return turned(
        reference([turned(x[0]), x[1]], gates: 4, size: 3, directions: directions) {
          Reference.lstm($0[0], $0[1], lengths: nil, isReversed: $1)
        })
    })
}

@CaseList private var recurrences: [OpCase] {
  lstm("small", time: 4, batch: 3, size: 2)
  lstm("one step", time: 1, batch: 2, size: 3)
  lstm("one number", time: 1, batch: 1, size: 1)
  lstm("reversed", time: 5, batch: 2, size: 3, directions: .reverse)
  lstm("lengths", time: 5, batch: 4, size: 3, lengths: [5, 2, 0, 1])
  lstm(
    "lengths, reversed", time: 5, batch: 4, size: 3, lengths: [3, 5, 1, 0], directions: .reverse)
  lstm("wide", time: 3, batch: 5, size: 33)
  lstm("both directions", time: 5, batch: 4, size: 3, lengths: [3, 5, 1, 0], directions: .both)
  lstm("both directions, one sequence", time: 4, batch: 1, size: 17, directions: .both)
  batchFirst("items first", directions: .forward)
  batchFirst("items first, both directions", directions: .both)
  gru("small", time: 4, batch: 3, size: 2)
  gru("one step", time: 1, batch: 2, size: 3)
  gru("one number", time: 1, batch: 1, size: 1)
  gru("reversed", time: 5, batch: 2, size: 3, directions: .reverse)
  gru("lengths", time: 5, batch: 4, size: 3, lengths: [5, 2, 0, 1])
  gru("lengths, reversed", time: 5, batch: 4, size: 3, lengths: [3, 5, 1, 0], directions: .reverse)
  gru("wide", time: 3, batch: 5, size: 33)
  gru("both directions", time: 5, batch: 4, size: 3, lengths: [3, 5, 1, 0], directions: .both)
  gru("both directions, one sequence", time: 4, batch: 1, size: 17, directions: .both)
}

/// Recurrent layers over nothing: no steps, no sequences.
@CaseList private var emptyRecurrences: [OpCase] {
  OpCase(
    "lstm, no steps", [(ArrayType([0, 2, 8]), any), (ArrayType([8, 2]), any)],
    build: { $0[0].lstm(recurrentWeight: $0[1]) },
    reference: { _ in Array64([0, 2, 2], []) })
  OpCase(
    "gru, no sequences",
    [(ArrayType([3, 0, 6]), any), (ArrayType([6, 2]), any), (ArrayType([6]), any)],
    build: { $0[0].gru(recurrentWeight: $0[1], recurrentBias: $0[2]) },
    reference: { _ in Array64([3, 0, 2], []) })
}

private func masked(
  _ name: String, batch: [Int], queries: Int, keys: Int, causal: Bool = false,
  lengths: [Int] = [], absolute: Double = 5e-6
) -> OpCase {
  let lengthShape = Shape([lengths.count] + [Int](repeating: 1, count: max(batch.count - 1, 0)))
  return OpCase(
    "attention, \(name)",
    [
      (ArrayType(Shape(batch + [queries, 4])), any), (ArrayType(Shape(batch + [keys, 4])), any),
      (ArrayType(Shape(batch + [keys, 3])), any),
    ] + (causal ? [] : [(ArrayType(lengthShape, .int32), .fixed(lengths.map(Double.init)))]),
    absolute: absolute, differentiable: [0, 1, 2],
    build: {
      $0[0].attention(
        key: $0[1], value: $0[2], mask: causal ? nil : $0[3], masking: causal ? .causal : .lengths)
    },
    reference: {
      Reference.attention($0[0], $0[1], $0[2], scale: 0.5) { batch, query, key in
        causal ? key <= query : key < lengths[batch[0]]
      }
    })
}

@CaseList private var maskedAttention: [OpCase] {
  masked("causal", batch: [2, 2], queries: 5, keys: 5, causal: true)
  masked("causal, one position", batch: [2], queries: 1, keys: 1, causal: true)
  masked("causal, fewer queries", batch: [2], queries: 3, keys: 6, causal: true)
  masked("causal, fewer keys", batch: [2], queries: 6, keys: 3, causal: true)
  masked("causal, tiles of queries", batch: [1], queries: 66, keys: 66, causal: true)
  masked("causal, tiles nobody sees", batch: [1], queries: 66, keys: 520, causal: true)
  masked("lengths", batch: [3, 2], queries: 4, keys: 5, lengths: [5, 2, 1])
  masked("lengths, nothing to see", batch: [3], queries: 4, keys: 5, lengths: [0, 5, 3])
  masked("lengths, tiles of keys", batch: [3], queries: 3, keys: 520, lengths: [515, 3, 520])
}

private func split(_ name: String, _ shape: Shape, axis: Int, parts: Int, part: Int) -> OpCase {
  let size = shape[axis] / parts
  let result = Shape(shape.sizes.enumerated().map { $0 == axis ? size : $1 })
  return OpCase(
    "split, \(name)", [(ArrayType(shape), any)],
    build: { $0[0].split(axis: axis, parts: parts)[part] },
    reference: { x in
      Array64(result) { index in
        var index = index
        index[axis] += part * size
        return x[0][index]
      }
    })
}

@CaseList private var parts: [OpCase] {
  split("outermost", [6, 4], axis: 0, parts: 3, part: 1)
  split("innermost", [3, 8], axis: 1, parts: 4, part: 3)
  split("one part", [2, 3], axis: 0, parts: 1, part: 0)
  split("empty", [2, 0], axis: 1, parts: 2, part: 1)
  OpCase(
    "split, of a permutation, all parts", [(ArrayType([2, 5, 3, 4]), any)],
    build: { x in
      let parts = x[0].permuted([2, 0, 1, 3]).split(axis: 0, parts: 3)
      return parts[0] * parts[1] - parts[2]
    },
    reference: { x in
      Array64([1, 2, 5, 4]) { i in
        let part = { x[0][[i[1], i[2], $0, i[3]]] }
        return part(0) * part(1) - part(2)
      }
    })
  OpCase(
    "rmsNorm", [(ArrayType([3, 4, 6]), any), (ArrayType([6]), .uniform(0.5, 2))], absolute: 1e-5,
    build: { $0[0].rmsNorm(scale: $0[1], epsilon: 0.01) },
    reference: { x in
      let mean = x[0].reduce(axes: [2], keepingAxes: true) {
        $0.reduce(0) { $0 + $1 * $1 } / Double($0.count)
      }
      return Array64(x[0].shape) { i in
        x[0][i] / (mean[[i[0], i[1], 0]] + Double(Float(0.01))).squareRoot() * x[1][[i[2]]]
      }
    })
  OpCase(
    "groupNorm",
    [(ArrayType([2, 6, 3, 2]), any), (ArrayType([6]), .uniform(0.5, 2)), (ArrayType([6]), any)],
    absolute: 1e-5, build: { $0[0].groupNorm(groups: 3, scale: $0[1], shift: $0[2]) },
    reference: { x in
      let grouped = Array64([2, 3, 12], x[0].values)
      let normal = Reference.normalized(
        grouped, axes: [2], along: 0, scale: Array64([2], [1, 1]), shift: Array64([2], [0, 0]),
        epsilon: 1e-5)
      let flat = Array64([2, 6, 3, 2], normal.values)
      return Array64(flat.shape) { flat[$0] * x[1][[$0[1]]] + x[2][[$0[1]]] }
    })
}

let recurrentCases = recurrences + emptyRecurrences + maskedAttention + parts
