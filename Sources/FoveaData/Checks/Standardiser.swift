/// Mean and variance of a list of numbers.
struct Moments {
  let mean: Double
  let variance: Double

  init(_ values: [Double]) {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    self.mean = mean
    variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  }
}

/// Brings every column of a table to mean 0 and deviation 1; a column without variation to 0.
struct Standardiser {
  private let columns: [Moments]

  /// Measures the columns of these rows.
  init(_ rows: [[Double]]) {
    columns = (rows.first ?? []).indices.map { column in Moments(rows.map { $0[column] }) }
  }

  func standardised(_ row: [Double]) -> [Double] {
    zip(row, columns).map { value, column in
      column.variance < 1e-12 ? 0 : (value - column.mean) / column.variance.squareRoot()
    }
  }
}
