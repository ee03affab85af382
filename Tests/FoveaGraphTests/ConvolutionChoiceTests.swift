import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

/// Which of oneDNN's kernels convolutions over few channels get: the first layer of every network.
struct ConvolutionChoiceTests {
  /// A first layer with all that the compiler fuses with it, and one that reads it; and what they
  /// are made of.
  private func layers(
    _ graph: Graph, channels: Int, window: Int, batch: Int, size: Int = 20
  ) -> (output: Tensor, leaves: [String: Tensor]) {
    let x = graph.input("x", ArrayType([batch, channels, size, size]))
    let w1 = graph.variable("w1", ArrayType([32, channels, window, window]))
    let b1 = graph.variable("b1", ArrayType([32]))
    let w2 = graph.variable("w2", ArrayType([8, 32, window, window]))
    let first = x.convolution2D(weight: w1, bias: b1, padding: .same).relu()
    let output = first.maxPool2D(window: 2).convolution2D(weight: w2, padding: .same)
    return (output, ["x": x, "w1": w1, "b1": b1, "w2": w2])
  }

  private func expectNoReference(_ plan: Plan, _ place: String) {
    for step in plan.steps + plan.preparation {
      #expect(
        !step.kernel.implementation.split { !$0.isLetter }.contains("ref"),
        "\(step.op) of \(place) runs on \(step.kernel.implementation)")
    }
  }

  @Test(arguments: [1, 2, 3, 4], [1, 3, 5, 7])
  func noFirstLayerRunsOnReferenceCode(channels: Int, window: Int) throws {
    for batch in [1, 32] {
      let place = "\(channels) channels, \(window)×\(window), batch \(batch)"
      for mode in [GraphMode.inference, .training] {
        let graph = Graph(mode: mode)
        let (y, leaves) = layers(graph, channels: channels, window: window, batch: batch)
        expectNoReference(try graph.compile(outputs: ["y": y]), "\(mode), \(place)")
        // Explaining takes gradients of an inference graph too.
        let names = leaves.keys.sorted()
        let gradients = y.sumOfSquares().gradients(
          withRespectTo: names.compactMap { leaves[$0] })
        expectNoReference(
          try graph.compile(
            outputs: Dictionary(uniqueKeysWithValues: zip(names, gradients))),
          "gradients of \(mode), \(place)")
      }
    }
  }
}
