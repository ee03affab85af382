import Glibc

/// What the class loses where a window is covered:
///
///     L[i] = mean over the windows w that cover i of  m(x) − m(x covered by w),
///     m = log p / (1 − p)
///
/// Windows are a sixth of each side, half of that apart, about 121 in all; of frames a twentieth of
/// the length, about 39. A covered window shows
/// the blurred picture, not grey, so that it adds no edges; log odds do not saturate where the
/// network is certain.
///
/// Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", section 4.2;
/// differs: filling and log odds.
package struct Occlusion: MapMethod {
  package init() {}

  package static let windowsPerSide = 6
  /// Of a picture of one row: frames of a recording, whose events are short.
  package static let windowsPerRow = 20

  package func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane {
    let (width, height) = (picture.width, picture.height)
    let across = Self.windows(
      width, perSide: height == 1 ? Self.windowsPerRow : Self.windowsPerSide)
    let down = Self.windows(height)
    let cover = picture.blurred
    var odds = [Double](repeating: 0, count: 1 + down.count * across.count)
    try network.run(
      .forward, count: odds.count, target: target,
      picture: { index in
        guard index > 0 else { return picture.values }
        let columns = across[(index - 1) % across.count]
        var covered = picture.values
        for channel in 0..<picture.channels {
          for row in down[(index - 1) / across.count] {
            let line = (channel * height + row) * width
            covered.replaceSubrange(
              (line + columns.lowerBound)..<(line + columns.upperBound),
              with: cover.values[(line + columns.lowerBound)..<(line + columns.upperBound)])
          }
        }
        return covered
      }
    ) { odds[$0] = Self.logOdds($1["logits"] ?? [], target) }
    var losses = [Double](repeating: 0, count: width * height)
    var counts = losses
    for (index, rows) in down.enumerated() {
      for (position, columns) in across.enumerated() {
        let loss = odds[0] - odds[1 + index * across.count + position]
        for row in rows {
          for column in columns {
            losses[row * width + column] += loss
            counts[row * width + column] += 1
          }
        }
      }
    }
    return Plane(
      width: width, height: height, values: zip(losses, counts).map { Float($0 / max($1, 1)) })
  }

  /// Windows along a side, that cover all of it.
  package static func windows(_ size: Int, perSide: Int = windowsPerSide) -> [Range<Int>] {
    let window = max(1, (size + perSide - 1) / perSide)
    let stride = max(1, window / 2)
    var starts = Array(Swift.stride(from: 0, through: size - window, by: stride))
    if let last = starts.last, last + window < size { starts.append(size - window) }
    return starts.map { $0..<($0 + window) }
  }

  /// log p / (1 − p) = logit of the class − log Σ over the others of exp logit.
  package static func logOdds(_ logits: ArraySlice<Float>, _ target: Int) -> Double {
    let numbers = logits.map(Double.init)
    let others = numbers.indices.filter { $0 != target }.map { numbers[$0] }
    let largest = others.max() ?? 0
    let sum = others.reduce(0) { $0 + exp($1 - largest) }
    return numbers[target] - largest - log(sum)
  }
}
