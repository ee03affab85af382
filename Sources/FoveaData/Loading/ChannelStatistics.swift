import FoveaArray

/// Mean and deviation of each channel of a set of pictures, on the scale of 0 to 1.
public struct ChannelStatistics: Hashable, Sendable, Codable {
  /// The mean of value / 255.
  public let mean: [Float]
  /// The deviation of value / 255, but at least one of 255 steps, so that pictures without
  /// contrast can be divided by it.
  public let deviation: [Float]

  /// Statistics given by somebody else, like those of a model trained elsewhere.
  public init(
    mean: [Float], deviation: [Float], file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      mean.count == deviation.count,
      "statistics: \(mean.count) means and \(deviation.count) deviations", file: file, line: line)
    self.mean = mean
    self.deviation = deviation
  }

  /// The statistics of pictures with these sums, one entry a channel.
  init(_ sums: [ChannelSums], channels: Int) {
    var mean: [Float] = []
    var deviation: [Float] = []
    for channel in 0..<channels {
      let count = Double(max(1, sums.reduce(0) { $0 + $1.count }))
      let average = Double(sums.reduce(0) { $0 + $1.values[channel] }) / count
      let square = Double(sums.reduce(0) { $0 + $1.squares[channel] }) / count
      mean.append(Float(average / 255))
      deviation.append(
        Float(max(1, max(0, square - average * average).squareRoot()) / 255))
    }
    self.init(mean: mean, deviation: deviation)
  }
}

extension ChannelStatistics {
  private enum Key: String, CodingKey { case mean, deviation }

  /// Reads statistics by which can be divided.
  ///
  /// - Throws: `InputError` unless there are as many means as deviations, all of them numbers and
  ///   deviations above 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let mean = try container.decode([Float].self, forKey: .mean)
    let deviation = try container.decode([Float].self, forKey: .deviation)
    guard mean.count == deviation.count else {
      throw InputError("there are \(mean.count) means and \(deviation.count) deviations")
    }
    // Beyond these normalised values overflow.
    guard mean.allSatisfy({ $0.magnitude <= 1e18 }),
      deviation.allSatisfy({ (1e-18...1e18).contains($0) })
    else {
      throw InputError(
        "means and deviations of \(mean.count) channels cannot be normalised by",
        advice: "Deviations are numbers above 0")
    }
    self.init(mean: mean, deviation: deviation)
  }
}

/// The sums over one picture from which means and deviations of any set of pictures follow:
/// whole numbers, so that the order of adding does not matter.
struct ChannelSums: Hashable, Sendable {
  /// How many pixels.
  let count: Int
  /// For each channel the sum of the values.
  let values: [Int]
  /// For each channel the sum of their squares.
  let squares: [Int]

  init(_ picture: Picture) {
    var values = [Int](repeating: 0, count: picture.channels)
    var squares = values
    var channel = 0
    for pixel in picture.pixels {
      let value = Int(pixel)
      values[channel] += value
      squares[channel] += value * value
      channel = channel + 1 == picture.channels ? 0 : channel + 1
    }
    count = picture.width * picture.height
    self.values = values
    self.squares = squares
  }
}
