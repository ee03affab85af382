import FoveaArray

/// Spearman's rank correlation, −1…1: the correlation of ranks, equal numbers sharing the mean of
/// theirs. 0 where either list is constant.
///
/// Lists of different lengths are a programmer's mistake and trap.
package func rankCorrelation(_ first: [Float], _ second: [Float]) -> Double {
  require(first.count == second.count, "rank correlation: lists of different lengths")
  let (x, y) = (ranks(first), ranks(second))
  let mean = Double(x.count - 1) / 2
  var (xy, xx, yy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(x, y) {
    xy += (a - mean) * (b - mean)
    xx += (a - mean) * (a - mean)
    yy += (b - mean) * (b - mean)
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
}

/// Ranks from 0; equal numbers share the mean of theirs.
private func ranks(_ values: [Float]) -> [Double] {
  let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { ranks[order[position]] = Double(start + end - 1) / 2 }
    start = end
  }
  return ranks
}
