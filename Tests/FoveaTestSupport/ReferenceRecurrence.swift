import FoveaArray
import Glibc

extension Reference {
  /// The states of an LSTM as `Tensor.lstm` defines them.
  public static func lstm(
    _ x: Array64, _ w: Array64, lengths: [Int]? = nil, isReversed: Bool = false
  ) -> Array64 {
    let size = w.shape[1]
    return recurrence(x, size: size, lengths: lengths, isReversed: isReversed) {
      (time, item, before: [[Double]]) in
      let sums = (0..<(4 * size)).map { gate in
        (0..<size).reduce(x[[time, item, gate]]) { $0 + w[[gate, $1]] * before[0][$1] }
      }
      let cell = (0..<size).map { j in
        logistic(sums[size + j]) * before[1][j] + logistic(sums[j]) * tanh(sums[2 * size + j])
      }
      return [(0..<size).map { logistic(sums[3 * size + $0]) * tanh(cell[$0]) }, cell]
    }
  }

  /// The states of a GRU as `Tensor.gru` defines them.
  public static func gru(
    _ x: Array64, _ w: Array64, bias: Array64, lengths: [Int]? = nil, isReversed: Bool = false
  ) -> Array64 {
    let size = w.shape[1]
    return recurrence(x, size: size, lengths: lengths, isReversed: isReversed) {
      (time, item, before: [[Double]]) in
      let q = (0..<(3 * size)).map { gate in
        (0..<size).reduce(bias[[gate]]) { $0 + w[[gate, $1]] * before[0][$1] }
      }
      let hidden = (0..<size).map { j in
        let reset = logistic(x[[time, item, j]] + q[j])
        let update = logistic(x[[time, item, size + j]] + q[size + j])
        let candidate = tanh(x[[time, item, 2 * size + j]] + reset * q[2 * size + j])
        return (1 - update) * candidate + update * before[0][j]
      }
      return [hidden, before[1]]
    }
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Runs `step` over the steps of each sequence and collects the first of the two states.
  private static func recurrence(
    _ x: Array64, size: Int, lengths: [Int]?, isReversed: Bool,
    _ step: (_ time: Int, _ item: Int, _ before: [[Double]]) -> [[Double]]
  ) -> Array64 {
    let (time, batch) = (x.shape[0], x.shape[1])
    let shape: Shape = [time, batch, size]
    var values = [Double](repeating: 0, count: shape.elementCount)
    for item in 0..<batch {
      let places = Array(0..<(lengths?[item] ?? time))
      var states = [[Double]](repeating: [Double](repeating: 0, count: size), count: 2)
      for place in isReversed ? places.reversed() : places {
        states = step(place, item, states)
        for j in 0..<size { values[(place * batch + item) * size + j] = states[0][j] }
      }
    }
    return Array64(shape, values)
  }

  /// softmax(scale · Q Kᵀ) V where `isSeen` says what each query sees; zeros where it sees nothing.
  public static func attention(
    _ query: Array64, _ key: Array64, _ value: Array64, scale: Double,
    isSeen: (_ batch: [Int], _ query: Int, _ key: Int) -> Bool
  ) -> Array64 {
    let (queries, keys, size) = (query.shape[-2], key.shape[-2], query.shape[-1])
    let valueSize = value.shape[-1]
    let batches = Shape(Array(query.shape.sizes.dropLast(2))).indices
    var result: [Double] = []
    for (group, batch) in batches.enumerated() {
      for row in 0..<queries {
        let seen = (0..<keys).filter { isSeen(batch, row, $0) }
        let scores = seen.map { key0 in
          var sum = 0.0
          for j in 0..<size {
            sum +=
              query.values[(group * queries + row) * size + j]
              * key.values[(group * keys + key0) * size + j]
          }
          return sum * scale
        }
        let largest = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - largest) }
        let total = exponentials.reduce(0, +)
        var sums = [Double](repeating: 0, count: valueSize)
        for (place, weight) in Swift.zip(seen, exponentials) {
          for j in 0..<valueSize {
            sums[j] += weight / total * value.values[(group * keys + place) * valueSize + j]
          }
        }
        result += sums
      }
    }
    return Array64(Shape(query.shape.sizes.dropLast() + [valueSize]), result)
  }
}
