/// Which input samples make each output sample along one axis, and with what weight.
///
/// Bicubic interpolation (Keys 1981, a = −1/2), stretched over as many input samples as an output
/// sample covers where the picture shrinks, so that no detail is skipped and nothing flickers:
///
///     wᵢ ∝ k((i + ½ − c) / s),  c = origin + (x + ½) scale,  s = max(scale, 1)
///
/// Weights of one output sum to 1; what falls outside is left out before, as Pillow does.
struct Resampling {
  /// The weights of all outputs, one after the other.
  let weights: [Float]
  /// For each output, the first input and where in `weights` its weights stand.
  let taps: [(input: Int, weights: Range<Int>)]

  /// - Parameters:
  ///   - inputCount: samples there are.
  ///   - outputCount: samples wanted.
  ///   - scale: input samples for each output sample.
  ///   - origin: where, in input samples, the first output sample begins.
  init(inputCount: Int, outputCount: Int, scale: Double, origin: Double) {
    let stretch = max(scale, 1)
    var weights: [Float] = []
    taps = (0..<outputCount).map { output in
      let center = origin + (Double(output) + 0.5) * scale
      let first = min(max(Int(center - 2 * stretch + 0.5), 0), inputCount - 1)
      let last = min(max(Int(center + 2 * stretch + 0.5), first + 1), inputCount)
      var own = (first..<last).map { Self.bicubic((Double($0) + 0.5 - center) / stretch) }
      let sum = own.reduce(0, +)
      // Zeros at the ends are common: where nothing is resized, one sample is left.
      let leading = own.prefix { $0 == 0 }.count
      own.removeFirst(leading)
      while own.last == 0 { own.removeLast() }
      let start = weights.count
      weights += own.map { Float($0 / sum) }
      return (first + leading, start..<weights.count)
    }
    self.weights = weights
  }

  /// The inputs that any output needs.
  var inputs: Range<Int> {
    let first = taps.map(\.input).min() ?? 0
    return first..<(taps.map { $0.input + $0.weights.count }.max() ?? first)
  }

  private static func bicubic(_ distance: Double) -> Double {
    let x = abs(distance)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    if x < 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
    return 0
  }
}

extension Picture {
  /// The picture made by resampling both axes; rounded once, at the end.
  ///
  /// Columns are summed first, which is the larger part of the work when a photo shrinks and
  /// runs over neighbours in memory.
  ///
  /// - Returns: `[vertical.taps, horizontal.taps, channels]`
  func resampled(vertical: Resampling, horizontal: Resampling) -> Picture {
    let columns = horizontal.inputs
    var sums = [Float](repeating: 0, count: columns.count * channels)
    var row = [UInt8](repeating: 0, count: horizontal.taps.count * channels)
    var resampled: [UInt8] = []
    resampled.reserveCapacity(vertical.taps.count * row.count)
    for output in vertical.taps.indices {
      sumRows(vertical, output, firstColumn: columns.lowerBound, into: &sums)
      if channels == 3 {
        Self.sumColors(sums, horizontal, firstColumn: columns.lowerBound, into: &row)
      } else {
        Self.sumGreys(sums, horizontal, firstColumn: columns.lowerBound, into: &row)
      }
      resampled.append(contentsOf: row)
    }
    return Picture(
      width: horizontal.taps.count, height: vertical.taps.count, channels: channels,
      made: resampled)
  }

  /// Σ wᵢ row(i) over the columns from `firstColumn` on, four rows at a time.
  private func sumRows(
    _ resampling: Resampling, _ output: Int, firstColumn: Int, into sums: inout [Float]
  ) {
    let taps = resampling.taps[output]
    let weights = resampling.weights[taps.weights]
    let count = sums.count
    let start = (taps.input * width + firstColumn) * channels
    let pixels = pixels.span
    func row(_ tap: Int) -> Range<Int> {
      let start = start + (tap - weights.startIndex) * width * channels
      return start..<(start + count)
    }
    var sums = sums.mutableSpan
    for index in 0..<count { sums[index] = 0 }
    var tap = weights.startIndex
    while tap + 4 <= weights.endIndex {
      Self.add(
        pixels.extracting(row(tap)), pixels.extracting(row(tap + 1)),
        pixels.extracting(row(tap + 2)), pixels.extracting(row(tap + 3)),
        SIMD4(weights[tap..<(tap + 4)]), to: &sums)
      tap += 4
    }
    while tap < weights.endIndex {
      Self.add(pixels.extracting(row(tap)), weights[tap], to: &sums)
      tap += 1
    }
  }

  private static func add(
    _ a: Span<UInt8>, _ b: Span<UInt8>, _ c: Span<UInt8>, _ d: Span<UInt8>,
    _ weights: SIMD4<Float>, to sums: inout MutableSpan<Float>
  ) {
    let count = sums.count
    precondition(a.count == count && b.count == count && c.count == count && d.count == count)
    for index in 0..<count {
      sums[index] +=
        (weights.x * Float(a[index]) + weights.y * Float(b[index]))
        + (weights.z * Float(c[index]) + weights.w * Float(d[index]))
    }
  }

  private static func add(_ row: Span<UInt8>, _ weight: Float, to sums: inout MutableSpan<Float>) {
    let count = sums.count
    precondition(row.count == count)
    for index in 0..<count { sums[index] += weight * Float(row[index]) }
  }

  private static func sumGreys(
    _ sums: [Float], _ resampling: Resampling, firstColumn: Int, into row: inout [UInt8]
  ) {
    let sums = sums.span
    let weights = resampling.weights.span
    var row = row.mutableSpan
    for (output, taps) in resampling.taps.enumerated() {
      var sum: Float = 0
      var position = taps.input - firstColumn
      for tap in taps.weights {
        sum += weights[tap] * sums[position]
        position &+= 1
      }
      row[output] = rounded(sum)
    }
  }

  private static func sumColors(
    _ sums: [Float], _ resampling: Resampling, firstColumn: Int, into row: inout [UInt8]
  ) {
    let sums = sums.span
    let weights = resampling.weights.span
    var row = row.mutableSpan
    for (output, taps) in resampling.taps.enumerated() {
      var red: Float = 0
      var green: Float = 0
      var blue: Float = 0
      var position = (taps.input - firstColumn) * 3
      for tap in taps.weights {
        let weight = weights[tap]
        red += weight * sums[position]
        green += weight * sums[position &+ 1]
        blue += weight * sums[position &+ 2]
        position &+= 3
      }
      row[3 * output] = rounded(red)
      row[3 * output + 1] = rounded(green)
      row[3 * output + 2] = rounded(blue)
    }
  }

  private static func rounded(_ value: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: Int32(min(max(value + 0.5, 0), 255)))
  }
}
