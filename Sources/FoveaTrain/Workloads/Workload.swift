package import FoveaNN

/// A network with a batch of a fixed shape: what is timed against other frameworks and held
/// against their recorded runs.
package struct Workload: Sendable {
  /// The name by which it is chosen: `cnn`.
  package let name: String
  /// From `inputShape(batch)` to logits.
  package let network: any Layer
  /// The sizes of one item of the batch.
  package let itemShape: [Int]
  package let classes: Int

  /// The names of all workloads.
  package static let names = ["cnn", "cnn-plain"]

  /// The workload called `name`.
  ///
  /// - Throws: `InputError` that lists the names there are.
  package init(named name: String) throws {
    guard Workload.names.contains(name) else {
      throw InputError(
        "there is no workload called \(name)",
        advice: "Choose one of \(Workload.names.joined(separator: ", "))")
    }
    var options = CNN.Options(height: 32, width: 32, classes: 10)
    options.attention = name == "cnn" ? "augmented" : "none"
    self.name = name
    network = try CNN(options)
    itemShape = [3, 32, 32]
    classes = 10
  }

  /// Adds inputs `input` and `target` and the network; gives the mean cross-entropy.
  package func loss(in graph: Graph, batch: Int) -> Tensor {
    logits(in: graph, batch: batch)
      .crossEntropy(labels: graph.input("target", ArrayType([batch], .int32)))
  }

  /// Adds the input `input` and the network.
  package func logits(in graph: Graph, batch: Int) -> Tensor {
    network(graph.input("input", ArrayType(Shape([batch] + itemShape))))
  }
}
