import Glibc

/// A linear classifier of two kinds of rows: P(positive) = σ(w·x + b).
///
/// Minimises Σ log loss + λ/2 ‖w‖² by steps with the fixed bound ¼ XᵀX + λI on the curvature,
/// which need one factorisation and never overshoot. Böhning and Lindsay 1988, "Monotonicity of
/// quadratic-approximation algorithms".
package struct LogisticRegression {
  private let weights: [Double]

  /// Fits `rows`, `[rows, columns]` row-major, to `labels`; columns should be standardised.
  ///
  /// - Parameters:
  ///   - rows: the features, row after row.
  ///   - labels: for each row whether it is positive.
  ///   - penalty: λ; the intercept b goes free of it.
  package init(rows: [Double], labels: [Bool], penalty: Double) {
    let columns = rows.count / labels.count
    let size = columns + 1
    // The last weight is the intercept, as if every row ended in 1.
    var curvature = [Double](repeating: 0, count: size * size)
    for row in labels.indices {
      let values = Array(rows[(row * columns)..<((row + 1) * columns)]) + [1]
      for first in 0..<size {
        let scaled = values[first] / 4
        for second in 0...first { curvature[first * size + second] += scaled * values[second] }
      }
    }
    for index in 0..<columns { curvature[index * size + index] += penalty }
    let factor = Self.cholesky(curvature, size)
    var weights = [Double](repeating: 0, count: size)
    for _ in 0..<60 {
      var gradient = weights.map { -penalty * $0 }
      gradient[columns] = 0
      for row in labels.indices {
        let start = row * columns
        var score = weights[columns]
        for column in 0..<columns { score += weights[column] * rows[start + column] }
        let error = (labels[row] ? 1 : 0) - 1 / (1 + exp(-score))
        for column in 0..<columns { gradient[column] += error * rows[start + column] }
        gradient[columns] += error
      }
      let step = Self.solve(factor, gradient, size)
      for index in 0..<size { weights[index] += step[index] }
      if step.allSatisfy({ abs($0) < 1e-4 }) { break }
    }
    self.weights = weights
  }

  /// w·x + b for one row.
  package func score(_ row: ArraySlice<Double>) -> Double {
    zip(row, weights).reduce(weights[weights.count - 1]) { $0 + $1.0 * $1.1 }
  }

  /// L with L Lᵀ = A, for a positive definite A of which the lower half is given.
  private static func cholesky(_ matrix: [Double], _ size: Int) -> [Double] {
    var factor = matrix
    for column in 0..<size {
      for row in column..<size {
        var sum = factor[row * size + column]
        for index in 0..<column {
          sum -= factor[row * size + index] * factor[column * size + index]
        }
        // The intercept's row alone could be all but singular.
        factor[row * size + column] =
          row == column ? max(sum, 1e-12).squareRoot() : sum / factor[column * size + column]
      }
    }
    return factor
  }

  /// x with L Lᵀ x = y.
  private static func solve(_ factor: [Double], _ right: [Double], _ size: Int) -> [Double] {
    var result = right
    for row in 0..<size {
      for index in 0..<row { result[row] -= factor[row * size + index] * result[index] }
      result[row] /= factor[row * size + row]
    }
    for row in (0..<size).reversed() {
      for index in (row + 1)..<size { result[row] -= factor[index * size + row] * result[index] }
      result[row] /= factor[row * size + row]
    }
    return result
  }
}
