/// Gradients of the class's logit s, gathered on the straight way from a baseline x′ to the
/// picture x:
///
///     IG = (x − x′) ⊙ ∫₀¹ ∇s(x′ + t (x − x′)) dt,   Σ IG = s(x) − s(x′)
///
/// The integral is the mean over the middles of equal steps, run as batches; the sum over channels
/// is the place's evidence, smoothed by a Gaussian of 1/24 of the shorter side, as single pixels
/// of it are noise.
///
/// Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks", equation 1; the
/// blurred baseline is that of Xu, Venugopalan and Sundararajan 2020, "Attribution in scale and
/// space". Differs: smoothed.
package struct IntegratedGradients: MapMethod {
  /// Where the way begins.
  package enum Baseline {
    /// The mean of the training pictures: no content and no noise.
    case mean
    /// The blurred picture: its light and colour without its details.
    case blurred
  }

  package let baseline: Baseline
  package let steps: Int

  package init(baseline: Baseline, steps: Int) {
    self.baseline = baseline
    self.steps = steps
  }

  private static let pass = NetworkPass("input-gradient") { context in
    ["gradient": context.gradients(of: [context.pictures])[0]]
  }

  /// IG without sum and smoothing, `[channels, height, width]`.
  package func attributions(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> [Float] {
    let start = startPoint(for: picture)
    var sums = [Double](repeating: 0, count: picture.values.count)
    try network.run(
      Self.pass, count: steps, target: target,
      picture: { step in
        let share = (Float(step) + 0.5) / Float(steps)
        return zip(start.values, picture.values).map { $0 + share * ($1 - $0) }
      }
    ) { _, outputs in
      for (index, value) in (outputs["gradient"] ?? []).enumerated() {
        sums[index] += Double(value)
      }
    }
    return sums.indices.map { index in
      (picture.values[index] - start.values[index]) * Float(sums[index] / Double(steps))
    }
  }

  /// The baseline for a picture.
  package func startPoint(for picture: InputPicture) -> InputPicture {
    switch baseline {
    case .mean: picture.mean
    case .blurred: picture.blurred
    }
  }

  package func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane {
    let evidence = picture.summedOverChannels(
      try attributions(of: picture, target: target, in: network))
    return Plane(width: picture.width, height: picture.height, values: evidence)
      .blurred(deviation: Float(picture.side) / 24)
  }
}
