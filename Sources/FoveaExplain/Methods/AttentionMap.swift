import FoveaArray
package import FoveaNN

/// What each place receives of the attention that all places pay, brought to the input's size:
///
///     L[k] = meanᵩ A[q, k],   A = softmax(Q Kᵀ / √d)
///
/// The softmax part alone: an identity or a residual path keeps every place where it is and points
/// to none. It is the same for every class. Shows where the network looks, not what for: Jain and
/// Wallace 2019, "Attention is not explanation"; the scores and the randomisation check tell
/// whether it may be shown.
package struct AttentionMap: MapMethod {
  package init() {}

  private static let pass = NetworkPass("attention") { context in
    ["places": try AttentionPlaces.received(context).grid]
  }

  package func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane {
    let outputs = try network.outputs(of: Self.pass, picture: picture, target: target)
    return Plane(grid: outputs["places"] ?? []).enlarged(over: picture)
  }
}

extension AttentionPlaces.Shown {
  /// `[batch, 2 + rows · columns]`: rows and columns, then the values, so that whoever reads the
  /// output knows its shape.
  package var grid: Tensor {
    let batch = values.shape[0]
    let sizes = values.graph.constant(
      HostArray([batch, 2], (0..<batch).flatMap { _ in [Float(rows), Float(columns)] }))
    return Tensor.concatenate([sizes, values], axis: 1)
  }
}

extension Plane {
  /// The plane that an output `grid` describes.
  package init(grid: ArraySlice<Float>) {
    let numbers = Array(grid)
    require(numbers.count > 2, "explaining: an empty map")
    self.init(
      width: Int(numbers[1]), height: Int(numbers[0]), values: Array(numbers.dropFirst(2)))
  }
}
