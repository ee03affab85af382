package import FoveaArray
package import FoveaData
package import FoveaNN
import Glibc

/// A picture as a network sees it: normalised, channels first.
package struct InputPicture {
  package let channels: Int
  package let height: Int
  package let width: Int
  /// Columns that the network's own maps cover: more where it fills up what is shorter.
  package let workedWidth: Int
  /// `[channels, height, width]`, in training deviations from the training mean.
  package var values: [Float]
  /// Whether what is covered shows the mean, zeros, rather than a blurred picture: there is no blurred
  /// text.
  package var isCoveredByMean = false

  /// The shorter side; the only one of a row.
  package var side: Int { height == 1 ? width : min(height, width) }

  /// How many places there are.
  package var placeCount: Int { height * width }

  /// A picture in the layer's size, (x / 255 − mean) / deviation.
  package init(_ picture: Picture, _ layer: PictureInputLayer) {
    require(
      (picture.width, picture.height, picture.channels)
        == (layer.width, layer.height, layer.channels),
      "explaining: the picture does not have the network's size")
    channels = layer.channels
    height = layer.height
    width = layer.width
    workedWidth = layer.width
    let places = height * width
    values = [Float](repeating: 0, count: channels * places)
    for channel in 0..<channels {
      let (mean, deviation) = (layer.mean[channel], layer.deviation[channel])
      for place in 0..<places {
        values[channel * places + place] =
          (Float(picture.pixels[place * channels + channel]) / 255 - mean) / deviation
      }
    }
  }

  /// Frames as a picture of one row: a frame is a place, a feature a channel.
  ///
  /// - Parameters:
  ///   - frames: normalised, `[frames, features]`
  ///   - workedOn: how many frames the network fills them up to.
  package init(frames: [Float], features: Int, workedOn: Int) {
    channels = features
    height = 1
    width = frames.count / features
    workedWidth = max(workedOn, width)
    var values = [Float](repeating: 0, count: frames.count)
    for frame in 0..<width {
      for feature in 0..<features {
        values[feature * width + frame] = frames[frame * features + feature]
      }
    }
    self.values = values
  }

  private init(_ other: InputPicture, values: [Float]) {
    self = other
    self.values = values
  }

  /// The mean of the training pictures: 0 everywhere, without noise and without content.
  package var mean: InputPicture {
    InputPicture(self, values: [Float](repeating: 0, count: values.count))
  }

  /// The picture under a Gaussian with a deviation of a tenth of the shorter side: colours and
  /// light stay roughly where they are, whatever is smaller is gone.
  ///
  /// Of frames it is the median of each feature instead: what lasts is kept, and events are gone. A
  /// blur would spread them over the seconds around.
  package var blurred: InputPicture {
    if isCoveredByMean { return mean }
    if height == 1 {
      return InputPicture(
        self,
        values: (0..<channels).flatMap { channel in
          let row = values[(channel * width)..<((channel + 1) * width)].sorted()
          return [Float](repeating: row[width / 2], count: width)
        })
    }
    let deviation = Float(side) / 10
    let plane = placeCount
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for channel in 0..<channels {
      result +=
        Plane(
          width: width, height: height,
          values: Array(values[(channel * plane)..<((channel + 1) * plane)])
        ).blurred(deviation: deviation).values
    }
    return InputPicture(self, values: result)
  }

  /// |x − blurred x| summed over channels, under a Gaussian of a twentieth of the shorter side: where something
  /// is to be seen, which needs no network.
  package var localContrast: [Float] {
    let differences = zip(values, blurred.values).map { abs($0 - $1) }
    return Plane(width: width, height: height, values: summedOverChannels(differences))
      .blurred(deviation: Float(side) / 20).values
  }

  /// The picture with normal noise of this deviation added.
  package func noisy(deviation: Float, key: RandomKey) -> InputPicture {
    InputPicture(
      self,
      values: values.enumerated().map { index, value in
        value + deviation * Float(key.normal(at: UInt64(index)))
      })
  }

  /// m ⊙ self + (1 − m) ⊙ other, with a weight for every place.
  package func blended(with other: InputPicture, weights: [Float]) -> [Float] {
    var result = other.values
    let plane = placeCount
    for channel in 0..<channels {
      for place in 0..<plane where weights[place] != 0 {
        let index = channel * plane + place
        result[index] += weights[place] * (values[index] - result[index])
      }
    }
    return result
  }

  /// The sum over channels of an array of this shape: one number a place.
  package func summedOverChannels(_ array: some RandomAccessCollection<Float>) -> [Float] {
    var sums = [Float](repeating: 0, count: placeCount)
    for (index, value) in array.enumerated() { sums[index % placeCount] += value }
    return sums
  }
}
