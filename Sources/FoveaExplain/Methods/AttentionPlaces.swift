package import FoveaNN

/// What a network's attention shows of places, as graph code.
package enum AttentionPlaces {
  /// Rows and columns of the places, and for each item of the batch a number for each of them.
  package struct Shown {
    let rows: Int
    let columns: Int
    /// `[batch, rows · columns]`
    let values: Tensor
  }

  /// What each place receives:
  ///
  ///     received[k] = meanᵩ A[q, k]
  ///
  /// over all queries q of the softmax part A, whose rows sum to 1; heads are averaged. Several
  /// layers are rolled out, R = Πₗ (Aₗ + I) / 2, the identity standing for the residual path
  /// (Abnar and Zuidema 2020, "Quantifying attention flow in transformers"). A gate is itself.
  ///
  /// - Throws: `InputError` where the attention shows no place.
  package static func received(_ context: NetworkPass.Context) throws -> Shown {
    let layers = context.graph.tensors(named: AttentionMark.weights)
    guard let map = context.last(AttentionMark.map) else { throw Self.showsNone }
    let (batch, rows, columns) = (map.shape[0], map.shape[2], map.shape[3])
    if layers.isEmpty {
      guard let gate = context.last(AttentionMark.gate) else { throw Self.showsNone }
      return Shown(
        rows: gate.shape[2], columns: gate.shape[3],
        values: gate.reshaped([batch, gate.shape[2] * gate.shape[3]]))
    }
    let averaged = try layers.map { try headMean($0, places: rows * columns) }
    var flow = averaged[0]
    if averaged.count > 1 {
      let identity = context.graph.constant(Self.identity(rows * columns))
      flow = averaged.dropFirst().reduce((flow + identity) * 0.5) { flow, layer in
        ((layer + identity) * 0.5).matmul(flow)
      }
    }
    return Shown(rows: rows, columns: columns, values: flow.mean(axes: [1]))
  }

  /// The mean over heads, `[batch, queries, places]`, of weights `[batch, heads…, queries, places]`;
  /// queries are the places, or one.
  package static func headMean(_ weights: Tensor, places: Int) throws -> Tensor {
    // A pool asks one question of all places.
    guard weights.shape[-1] == places, [places, 1].contains(weights.shape[-2]) else {
      throw InputError(
        "the attention's weights \(weights.shape) are not over the \(places) places of its map",
        advice: Self.advice)
    }
    let heads = Array(1..<(weights.shape.rank - 2))
    return heads.isEmpty ? weights : weights.mean(axes: heads)
  }

  package static func identity(_ size: Int) -> HostArray {
    HostArray([size, size], (0..<(size * size)).map { $0 % (size + 1) == 0 ? Float(1) : 0 })
  }

  package static let advice =
    "Choose one of "
    + HighlightMethod.allCases.filter { !$0.needsAttention }.map(\.rawValue)
    .joined(separator: ", ")

  /// The error of a network whose attention, if it has any, shows no place.
  package static var showsNone: InputError {
    InputError("the network's attention shows no place to look at", advice: advice)
  }
}
