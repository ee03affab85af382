/// Which input samples make each output sample along one axis, and with what weight.
///
/// Bicubic interpolation (Keys 1981, a = −1/2), stretched over as many input samples as an output
/// sample covers where the picture shrinks, so that no detail is skipped and nothing flickers:
///
///     wᵢ ∝ k((i + ½ − c) / s),  c = origin + (x + ½) scale,  s = max(scale, 1)
///
/// Weights of one output sum to 1; what falls outside is left out before, as Pillow does.
struct Resampling {
  /// One output sample: the inputs it sums, beginning at `start`.
  struct Taps {
    let start: Int
    let weights: [Float]
    var end: Int { start + weights.count }
  }

  let taps: [Taps]

  /// - Parameters:
  ///   - inputCount: samples there are.
  ///   - outputCount: samples wanted.
  ///   - scale: input samples for each output sample.
  ///   - origin: where, in input samples, the first output sample begins.
  init(inputCount: Int, outputCount: Int, scale: Double, origin: Double) {
    let stretch = max(scale, 1)
    taps = (0..<outputCount).map { output in
      let center = origin + (Double(output) + 0.5) * scale
      let first = min(max(Int(center - 2 * stretch + 0.5), 0), inputCount - 1)
      let last = min(max(Int(center + 2 * stretch + 0.5), first + 1), inputCount)
      var weights = (first..<last).map { Self.bicubic((Double($0) + 0.5 - center) / stretch) }
      let sum = weights.reduce(0, +)
      // Zeros at the ends are common: where nothing is resized, one sample is left.
      let leading = weights.prefix { $0 == 0 }.count
      weights.removeFirst(leading)
      while weights.last == 0 { weights.removeLast() }
      return Taps(start: first + leading, weights: weights.map { Float($0 / sum) })
    }
  }

  /// The inputs that any output needs.
  var inputs: Range<Int> {
    (taps.map(\.start).min() ?? 0)..<(taps.map(\.end).max() ?? 0)
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
    let first = columns.lowerBound * channels
    let count = columns.count * channels
    var sums = [Float](repeating: 0, count: count)
    let width = horizontal.taps.count
    let resampled = [UInt8](capacity: vertical.taps.count * width * channels) { output in
      for taps in vertical.taps {
        sumRows(taps, first: first, into: &sums)
        let sums = sums.span
        for taps in horizontal.taps {
          let start = (taps.start - columns.lowerBound) * channels
          if channels == 3 {
            Self.appendColor(sums, start, taps.weights, to: &output)
          } else {
            Self.appendGrey(sums, start, taps.weights, to: &output)
          }
        }
      }
    }
    return Picture(
      width: width, height: vertical.taps.count, channels: channels, pixels: resampled)
  }

  /// Σ wᵢ row(i) over part of the columns, four rows at a time.
  private func sumRows(_ taps: Resampling.Taps, first: Int, into sums: inout [Float]) {
    let stride = width * channels
    let count = sums.count
    let pixels = pixels.span
    var sums = sums.mutableSpan
    func row(_ tap: Int) -> Range<Int> {
      let start = (taps.start + tap) * stride + first
      return start..<(start + count)
    }
    var tap = 0
    for index in 0..<count { sums[index] = 0 }
    while tap + 4 <= taps.weights.count {
      Self.add(
        pixels.extracting(row(tap)), pixels.extracting(row(tap + 1)),
        pixels.extracting(row(tap + 2)), pixels.extracting(row(tap + 3)),
        SIMD4(taps.weights[tap..<(tap + 4)]), to: &sums)
      tap += 4
    }
    while tap < taps.weights.count {
      Self.add(pixels.extracting(row(tap)), taps.weights[tap], to: &sums)
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

  private static func appendGrey(
    _ sums: Span<Float>, _ start: Int, _ weights: [Float], to output: inout OutputSpan<UInt8>
  ) {
    var sum: Float = 0
    for tap in 0..<weights.count { sum += weights[tap] * sums[start + tap] }
    output.append(rounded(sum))
  }

  private static func appendColor(
    _ sums: Span<Float>, _ start: Int, _ weights: [Float], to output: inout OutputSpan<UInt8>
  ) {
    var red: Float = 0
    var green: Float = 0
    var blue: Float = 0
    for tap in 0..<weights.count {
      let weight = weights[tap]
      let position = start + 3 * tap
      red += weight * sums[position]
      green += weight * sums[position + 1]
      blue += weight * sums[position + 2]
    }
    output.append(rounded(red))
    output.append(rounded(green))
    output.append(rounded(blue))
  }

  private static func rounded(_ value: Float) -> UInt8 { UInt8(min(max(value + 0.5, 0), 255)) }
}
