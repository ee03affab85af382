import FoveaArray
import Glibc

/// Plain loops in double precision for the ops of networks.
package enum Reference {
  /// `[…, rows, inner]` · `[…, inner, columns]` with equal batch axes.
  package static func matmul(_ a: Array64, _ b: Array64) -> Array64 {
    let shape = Shape(a.shape.sizes.dropLast() + [b.shape[-1]])
    return Array64(shape) { index in
      let batch = index.dropLast(2)
      return (0..<a.shape[-1]).reduce(0.0) { sum, k in
        sum + a[batch + [index[index.count - 2], k]] * b[batch + [k, index[index.count - 1]]]
      }
    }
  }

  /// The last two axes exchanged.
  package static func transposed(_ a: Array64) -> Array64 {
    let sizes = a.shape.sizes
    let shape = Shape(sizes.dropLast(2) + [a.shape[-1], a.shape[-2]])
    return Array64(shape) { a[$0.dropLast(2) + [$0[$0.count - 1], $0[$0.count - 2]]] }
  }

  /// softmax along the innermost axis.
  package static func softmax(_ x: Array64) -> Array64 {
    let largest = x.reduce(axes: [x.shape.rank - 1], keepingAxes: true) { $0.max() ?? 0 }
    let exponentials = Array64(x.shape) { exp(x[$0] - largest[Array($0.dropLast()) + [0]]) }
    let sum = exponentials.reduce(axes: [x.shape.rank - 1], keepingAxes: true) { $0.reduce(0, +) }
    return Array64(x.shape) { exponentials[$0] / sum[Array($0.dropLast()) + [0]] }
  }

  /// softmax(scale · Q Kᵀ + mask) V.
  package static func attention(
    _ query: Array64, _ key: Array64, _ value: Array64, mask: Array64? = nil, scale: Double
  ) -> Array64 {
    let scores = matmul(query, transposed(key))
    let shifted = Array64(scores.shape) { scores[$0] * scale + (mask?[$0] ?? 0) }
    return matmul(softmax(shifted), value)
  }

  /// How a window walks over a picture; pairs are height, width.
  package struct Window: Sendable {
    package var strides = [1, 1]
    package var before = [0, 0]
    package var after = [0, 0]
    package var dilations = [1, 1]

    package init(
      strides: [Int] = [1, 1], before: [Int] = [0, 0], after: [Int]? = nil,
      dilations: [Int] = [1, 1]
    ) {
      self.strides = strides
      self.before = before
      self.after = after ?? before
      self.dilations = dilations
    }

    func size(_ input: Int, _ window: Int, _ axis: Int) -> Int {
      (input + before[axis] + after[axis] - (window - 1) * dilations[axis] - 1) / strides[axis] + 1
    }
  }

  /// Source `[batch, channels, height, width]`, weights `[outputs, channels / groups, h, w]`.
  package static func convolution(
    _ x: Array64, _ w: Array64, bias: Array64? = nil, _ window: Window = Window(), groups: Int = 1
  ) -> Array64 {
    let outputs = w.shape[0]
    let channels = w.shape[1]
    let shape: Shape = [
      x.shape[0], outputs, window.size(x.shape[2], w.shape[2], 0),
      window.size(x.shape[3], w.shape[3], 1),
    ]
    return Array64(shape) { index in
      var sum = bias?[[index[1]]] ?? 0
      let first = index[1] / (outputs / groups) * channels
      for c in 0..<channels {
        for u in 0..<w.shape[2] {
          let i = index[2] * window.strides[0] + u * window.dilations[0] - window.before[0]
          guard (0..<x.shape[2]).contains(i) else { continue }
          for v in 0..<w.shape[3] {
            let j = index[3] * window.strides[1] + v * window.dilations[1] - window.before[1]
            guard (0..<x.shape[3]).contains(j) else { continue }
            sum += x[[index[0], first + c, i, j]] * w[[index[1], c, u, v]]
          }
        }
      }
      return sum
    }
  }

  /// Windows over `[batch, channels, height, width]`; `fold` gets the values inside the picture.
  package static func pool(
    _ x: Array64, size: [Int], _ window: Window, fold: ([Double]) -> Double
  ) -> Array64 {
    let shape: Shape = [
      x.shape[0], x.shape[1], window.size(x.shape[2], size[0], 0),
      window.size(x.shape[3], size[1], 1),
    ]
    return Array64(shape) { index in
      var values: [Double] = []
      for u in 0..<size[0] {
        let i = index[2] * window.strides[0] + u - window.before[0]
        guard (0..<x.shape[2]).contains(i) else { continue }
        for v in 0..<size[1] {
          let j = index[3] * window.strides[1] + v - window.before[1]
          guard (0..<x.shape[3]).contains(j) else { continue }
          values.append(x[[index[0], index[1], i, j]])
        }
      }
      return fold(values)
    }
  }

  /// (x − mean) / √(variance + ε) · scale + shift over `axes`; scale and shift along `axis`.
  package static func normalized(
    _ x: Array64, axes: [Int], along axis: Int, scale: Array64, shift: Array64, epsilon: Double
  ) -> Array64 {
    let mean = x.reduce(axes: axes, keepingAxes: true) { $0.reduce(0, +) / Double($0.count) }
    let variance = x.reduce(axes: axes, keepingAxes: true) { values in
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
    }
    return Array64(x.shape) { index in
      (x[index] - mean[index]) / (variance[index] + epsilon).squareRoot() * scale[[index[axis]]]
        + shift[[index[axis]]]
    }
  }

  /// The mean cross-entropy as `Tensor.crossEntropy` defines it.
  package static func crossEntropy(
    _ logits: Array64, labels: Array64, smoothing: Double = 0, weights: Array64? = nil
  ) -> Array64 {
    let probabilities = softmax(logits)
    let classes = logits.shape[1]
    var loss = 0.0
    var total = 0.0
    for item in 0..<logits.shape[0] {
      let label = Int(labels[[item]])
      total += weights?[[label]] ?? 1
      for c in 0..<classes {
        let target = smoothing / Double(classes) + (c == label ? 1 - smoothing : 0)
        loss -= (weights?[[c]] ?? 1) * target * log(probabilities[[item, c]])
      }
    }
    return Array64([], [loss / total])
  }
}
