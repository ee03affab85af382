import FoveaArray
import Glibc

/// Makes noisy colour scenes of gratings, the stimuli of visual search experiments.
///
/// Scene `i` depends on the options and `i` alone. Contrast and noise change how a scene looks
/// but not what is in it, so that scenes of several difficulties can be compared item by item.
public struct SceneGenerator: Sendable {
  /// Pixels on a side.
  public static let size = 48
  /// What is made.
  public let options: SceneOptions

  private let key: RandomKey

  /// A generator of scenes with these options.
  public init(_ options: SceneOptions) {
    self.options = options
    key = RandomKey(seed: options.seed).folding("scenes").folding(options.kind.rawValue)
  }

  /// The scene with this index, counted from 0; beyond the options' `count` it goes on for ever.
  public func scene(at index: Int) -> Scene {
    let key = key.folding(index)
    let layout = SceneLayout(options, key: key.folding("layout"))
    var values = [Float](repeating: 0.5, count: Self.size * Self.size * 3)
    for grating in layout.gratings { grating.add(to: &values, size: Self.size) }
    if let frame = layout.frame { Self.draw(frame, in: &values) }
    Self.addNoise(to: &values, deviation: Float(options.noise), key: key.folding("noise"))
    let target = layout.gratings[layout.target]
    return Scene(
      picture: Picture(
        width: Self.size, height: Self.size, channels: 3,
        made: values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }),
      label: layout.label,
      targetBox: Self.box(around: target, half: Grating.halfSize),
      distractorCount: layout.distractorCount)
  }

  private static func box(around grating: Grating, half: Float) -> Scene.Box {
    Scene.Box(
      x: Int((grating.x - half).rounded()), y: Int((grating.y - half).rounded()),
      width: Int(2 * half), height: Int(2 * half))
  }

  /// A white line of one pixel along the inner edge of `frame`.
  private static func draw(_ frame: Scene.Box, in values: inout [Float]) {
    for row in frame.y..<(frame.y + frame.height) {
      for column in frame.x..<(frame.x + frame.width) {
        let isEdge =
          row == frame.y || row == frame.y + frame.height - 1
          || column == frame.x || column == frame.x + frame.width - 1
        guard isEdge else { continue }
        for channel in 0..<3 { values[(row * size + column) * 3 + channel] = 1 }
      }
    }
  }

  /// Adds normal numbers, four from each draw of four words (Box–Muller, single precision).
  private static func addNoise(to values: inout [Float], deviation: Float, key: RandomKey) {
    guard deviation > 0 else { return }
    for start in stride(from: 0, to: values.count, by: 4) {
      let words = key.words(at: UInt64(start / 4))
      for pair in 0..<2 {
        // (w + 0.5) / 2³² is above 0, so that the logarithm is finite.
        let radius =
          deviation * (-2 * log((Float(words[2 * pair]) + 0.5) * 0x1p-32)).squareRoot()
        let angle = 2 * Float.pi * (Float(words[2 * pair + 1]) * 0x1p-32)
        values[start + 2 * pair] += radius * cos(angle)
        values[start + 2 * pair + 1] += radius * sin(angle)
      }
    }
  }
}
