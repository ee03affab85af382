import FoveaArray

/// What is in a scene and where: every random choice but the noise.
struct SceneLayout {
  let gratings: [Grating]
  /// The index of the grating that the answer is about.
  let target: Int
  let label: Int
  let distractorCount: Int
  /// The line around the sample of a `match` scene.
  let frame: Scene.Box?

  /// Tints in the order of the labels: added under the grating, in units of the contrast.
  private static let tints: [SIMD3<Float>] = [
    SIMD3(-0.5, -0.5, 1), SIMD3(-0.5, 1, -0.5), SIMD3(1, -0.5, -0.5), SIMD3(0.75, 0.5, -1),
  ]

  init(_ options: SceneOptions, key: RandomKey) {
    let range = options.distractors
    distractorCount = range.lowerBound + key.integer(below: range.count, at: 0)
    label = key.integer(below: 4, at: 1)
    let contrast = Float(options.contrast)
    switch options.kind {
    case .feature:
      let places = Self.places(columns: 4, spacing: 11, jitter: 1.5, key: key)
      // An isoluminant grating: red and green are modulated with opposite signs.
      let target = Grating(
        x: places[0].x, y: places[0].y, angle: Self.angle(label),
        phase: Self.phase(0, key), amplitude: contrast * SIMD3(1, -1, 0))
      let distractors = (0..<distractorCount).map { index in
        Grating(
          x: places[index + 1].x, y: places[index + 1].y,
          angle: Float.pi * key.folding("angles").uniform(at: UInt64(index)),
          phase: Self.phase(index + 1, key), amplitude: contrast * SIMD3(1, 1, 1))
      }
      gratings = distractors + [target]
      self.target = distractorCount
      frame = nil
    case .match:
      let places = Self.places(columns: 3, spacing: 14.5, jitter: 1.5, key: key)
      let orientation = key.integer(below: 4, at: 2)
      var gratings: [Grating] = []
      // The sample, the grating that matches it, then those that do not.
      for index in 0..<(distractorCount + 2) {
        let own = key.folding("items").folding(index)
        let other = 1 + own.integer(below: 3, at: 0)
        let tint = index == 1 ? label : own.integer(below: 4, at: 1)
        gratings.append(
          Grating(
            x: places[index].x, y: places[index].y,
            angle: Self.angle(index < 2 ? orientation : (orientation + other) % 4),
            phase: Self.phase(index, key), amplitude: contrast * SIMD3(1, 1, 1),
            tint: index == 0 ? .zero : contrast * Self.tints[tint]))
      }
      self.gratings = gratings
      target = 1
      frame = Scene.Box(
        x: Int((places[0].x - 7.5).rounded()), y: Int((places[0].y - 7.5).rounded()),
        width: 15, height: 15)
    }
  }

  private static func angle(_ index: Int) -> Float { Float(index) * Float.pi / 4 }

  private static func phase(_ index: Int, _ key: RandomKey) -> Float {
    2 * Float.pi * key.folding("phases").uniform(at: UInt64(index))
  }

  /// The cells of a square grid in random order, each point moved a little at random.
  private static func places(
    columns: Int, spacing: Float, jitter: Float, key: RandomKey
  ) -> [(x: Float, y: Float)] {
    let first = (Float(SceneGenerator.size) - Float(columns - 1) * spacing) / 2
    let shift = key.folding("jitter")
    return key.folding("cells").permutation(of: columns * columns).enumerated().map { index, cell in
      let x = jitter * (2 * shift.uniform(at: UInt64(2 * index)) - 1)
      let y = jitter * (2 * shift.uniform(at: UInt64(2 * index + 1)) - 1)
      return (
        first + Float(cell % columns) * spacing + x, first + Float(cell / columns) * spacing + y
      )
    }
  }
}
