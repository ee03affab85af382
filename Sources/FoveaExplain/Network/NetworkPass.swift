package import FoveaNN

/// One way to run a network for an explanation: the outputs wanted beside the logits.
package struct NetworkPass: Sendable {
  /// What a pass is built from.
  package struct Context {
    /// The graph, with what the network marked in it.
    package let graph: Graph
    /// The normalised pictures, `[batch, channels, height, width]`.
    package let pictures: Tensor
    /// `[batch, classes]`
    package let logits: Tensor
    /// 1 for the explained class, else 0: `[batch, classes]`.
    package let target: Tensor

    /// The gradient of the explained class's logit, for each item of the batch, with respect to
    /// tensors.
    package func gradients(of tensors: [Tensor]) -> [Tensor] {
      logits.gradients(withRespectTo: tensors, seed: target)
    }

    /// The one tensor that the network marks so; `nil` where there is none.
    package func last(_ name: String) -> Tensor? { graph.tensors(named: name).last }
  }

  /// What tells the pass's plans from others.
  package let name: String
  /// Outputs by name, each with the batch as its first axis.
  package let outputs: @Sendable (Context) throws -> [String: Tensor]

  package init(
    _ name: String, _ outputs: @escaping @Sendable (Context) throws -> [String: Tensor]
  ) {
    self.name = name
    self.outputs = outputs
  }

  /// The logits alone.
  package static let forward = NetworkPass("forward") { _ in [:] }
}
