import FoveaNN

/// Attention, weighted by what the class's logit s gains from it:
///
///     L[k] = meanᵩ max(A[q, k] · ∂s/∂A[q, k], 0)
///
/// As A enters through Y = A V alone, ∂s/∂A = (∂s/∂Y) Vᵀ: the weights need not be a node between
/// the input and the logits, so the fused kernel stays. Heads are averaged after the product; of
/// several layers the last counts.
///
/// Chefer, Gur and Wolf 2021, "Generic attention-model explainability", equation 5; differs: one
/// layer, no rollout.
package struct AttentionGradientMap: MapMethod {
  package init() {}

  private static let pass = NetworkPass("attention-gradient") { context in
    guard let map = context.last(AttentionMark.map),
      let weights = context.last(AttentionMark.weights)
    else { throw AttentionPlaces.showsNone }
    guard let values = context.last(AttentionMark.values),
      let attended = context.last(AttentionMark.attended)
    else {
      throw InputError(
        "the network's attention does not say what its weights sum, so they have no gradient",
        advice: "Choose attention, or one of the methods that need none")
    }
    let upstream = context.gradients(of: [attended])[0]  // [batch, heads…, queries, valueSize]
    // [batch, heads…, queries, keys]
    let gradient = upstream.matmul(values, transposingRight: true)
    let (rows, columns) = (map.shape[2], map.shape[3])
    let useful = try AttentionPlaces.headMean((weights * gradient).relu(), places: rows * columns)
    let shown = AttentionPlaces.Shown(
      rows: rows, columns: columns, values: useful.mean(axes: [1]))
    return ["places": shown.grid]
  }

  package func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane {
    let outputs = try network.outputs(of: Self.pass, picture: picture, target: target)
    return Plane(grid: outputs["places"] ?? []).enlarged(over: picture)
  }
}
