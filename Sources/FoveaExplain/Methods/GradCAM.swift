import FoveaNN

/// The last convolution's map F, each channel weighted by the mean gradient of the class's logit s:
///
///     L = max(Σ_c α_c F_c, 0),   α_c = mean over places of ∂s/∂F_c
///
/// Selvaraju et al. 2017, "Grad-CAM: visual explanations from deep networks via gradient-based
/// localization". The map is taken before attention: behind it every place holds something of all
/// others.
package struct GradCAM: MapMethod {
  package init() {}

  private static let pass = NetworkPass("grad-cam") { context in
    guard let map = context.last(FeatureMark.lastMap) else {
      throw InputError(
        "the network marks no feature map for grad-cam",
        advice: "Choose integrated-gradients, occlusion or rise")
    }
    let gradient = context.gradients(of: [map])[0]
    // Frames have their channels behind them: [batch, frames, channels].
    let isSequence = map.shape.rank == 3
    let weights = gradient.mean(axes: isSequence ? [1] : [2, 3], keepingAxes: true)
    // [batch, rows, columns] or [batch, frames]
    let evidence = (weights * map).sum(axes: [isSequence ? 2 : 1]).relu()
    let (rows, columns) = isSequence ? (1, map.shape[1]) : (map.shape[2], map.shape[3])
    let shown = AttentionPlaces.Shown(
      rows: rows, columns: columns, values: evidence.reshaped([map.shape[0], rows * columns]))
    return ["places": shown.grid]
  }

  package func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane {
    let outputs = try network.outputs(of: Self.pass, picture: picture, target: target)
    return Plane(grid: outputs["places"] ?? []).enlarged(over: picture)
  }
}
