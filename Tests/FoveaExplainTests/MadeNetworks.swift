import FoveaArray
import FoveaData
import FoveaExplain
import FoveaGraph
import FoveaNN

/// logits = W x + b over all pixels of one grey channel.
struct LinearNetwork: Layer {
  let dense: Linear

  init(places: Int, classes: Int = 2) { dense = Linear(inputs: places, outputs: classes) }

  func callAsFunction(_ x: Tensor) -> Tensor {
    dense(x.reshaped([x.shape[0], x.shape.sizes.dropFirst().reduce(1, *)]))
  }
}

/// logits = W · (mean over places of each channel), with the input as the last map.
struct PooledNetwork: Layer {
  let dense = Linear(inputs: 2, outputs: 2)

  func callAsFunction(_ x: Tensor) -> Tensor {
    dense(x.named(FeatureMark.lastMap).globalAveragePool2D())
  }
}

/// logits = w · (mean over places of what attention makes of one channel).
struct AttendingNetwork: Layer {
  let attention = AugmentedAttention(width: 1)
  let dense = Linear(inputs: 1, outputs: 2)

  func callAsFunction(_ x: Tensor) -> Tensor {
    dense(attention.marking(map: x).globalAveragePool2D())
  }
}

/// A gate that is the picture itself, whatever the weights are.
struct GatedNetwork: Layer {
  let dense: Linear

  init(places: Int) { dense = Linear(inputs: places, outputs: 2) }

  func callAsFunction(_ x: Tensor) -> Tensor {
    x.named(AttentionMark.map).named(AttentionMark.gate)
    return dense(x.reshaped([x.shape[0], x.shape[2] * x.shape[3]]))
  }
}

enum Made {
  /// A grey input without normalisation: a byte b becomes b / 255.
  static func layer(width: Int, height: Int, channels: Int = 1) -> PictureInputLayer {
    PictureInputLayer(
      height: height, width: width, channels: channels,
      mean: [Float](repeating: 0, count: channels),
      deviation: [Float](repeating: 1, count: channels))
  }

  /// A picture for a network, given as the numbers that it sees.
  static func picture(
    _ values: [Float], width: Int, height: Int, channels: Int = 1
  )
    -> InputPicture
  {
    var picture = InputPicture(
      Picture(
        width: width, height: height, channels: channels,
        made: [UInt8](repeating: 0, count: values.count)),
      layer(width: width, height: height, channels: channels))
    picture.values = values
    return picture
  }

  static func network(
    _ layer: any Layer, width: Int, height: Int, channels: Int = 1, weights: [String: HostArray]
  ) throws -> ExplainedNetwork {
    try ExplainedNetwork(
      layer, input: Self.layer(width: width, height: height, channels: channels), classCount: 2,
      weights: Weights(weights), threads: 1)
  }

  /// Logit 0 is 8 times the sum over a patch less an offset, logit 1 is 0: nothing outside of the
  /// patch matters.
  static func patchNetwork(
    side: Int, rows: Range<Int>, columns: Range<Int>, offset: Float
  ) throws -> ExplainedNetwork {
    var weights = [Float](repeating: 0, count: 2 * side * side)
    for row in rows { for column in columns { weights[row * side + column] = 8 } }
    return try network(
      LinearNetwork(places: side * side), width: side, height: side,
      weights: [
        "dense.weight": HostArray([2, side * side], weights),
        "dense.bias": HostArray([-offset, Float(0)]),
      ])
  }

  /// Grey noise with a light patch, and, if asked for, a checkerboard below that stands out more.
  static func patchPicture(
    side: Int, rows: Range<Int>, columns: Range<Int>, hasOther: Bool = false
  ) -> Picture {
    let key = RandomKey(seed: 5)
    return Picture(
      width: side, height: side, channels: 1,
      made: (0..<(side * side)).map { index in
        let (row, column) = (index / side, index % side)
        if rows.contains(row) && columns.contains(column) { return 250 }
        if hasOther, row > side / 2 { return (row + column) % 2 == 0 ? 250 : 0 }
        return UInt8(key.integer(below: 60, at: UInt64(index)))
      })
  }

  /// An untrained network of the real kind, with its model.
  static func cnn(
    attention: String = "augmented", side: Int = 16
  ) throws -> (
    PictureModel, Weights
  ) {
    var options = CNN.Options(height: side, width: side, channels: 3, classes: 3)
    options.attention = attention
    options.widths = [8, 8]
    options.hidden = 16
    options.head = .mean
    let model = try PictureModel(
      .cnn(options),
      input: PictureInputLayer(
        height: side, width: side, channels: 3, mean: [0.5, 0.5, 0.5],
        deviation: [0.25, 0.25, 0.25]))
    return (model, model.initialWeights(key: RandomKey(seed: 3)))
  }

  static func noise(side: Int, seed: UInt64 = 9) -> Picture {
    let key = RandomKey(seed: seed)
    return Picture(
      width: side, height: side, channels: 3,
      made: (0..<(side * side * 3)).map { UInt8(key.integer(below: 256, at: UInt64($0))) })
  }
}

func isClose(_ actual: [Float], _ expected: [Float], _ tolerance: Float = 1e-5) -> Bool {
  actual.count == expected.count
    && zip(actual, expected).allSatisfy { abs($0 - $1) <= tolerance }
}
