import Fovea

private func pair() -> (Graph, Tensor, Tensor) {
  let graph = Graph()
  return (graph, graph.input("x", ArrayType([4, 2])), graph.input("y", ArrayType([4, 3])))
}

private func loss(_ labels: [Int32]) throws -> Float {
  let graph = Graph()
  let logits = graph.constant(HostArray(zeros: ArrayType([2, 2])))
  return try logits.crossEntropy(labels: graph.constant(HostArray(labels))).value().scalar
}

/// Graphs, their compilation and sessions.
let graphProbes: [Probe] = [
  .trapping("graph: matmul of sizes that differ") { _ in
    let (_, x, y) = pair()
    _ = x.matmul(y)
  },
  .trapping("graph: an operator names where its operands were made") { _ in
    let (_, x, y) = pair()
    _ = x + y
  },
  .trapping("graph: an operator between two graphs") { _ in _ = pair().1 * pair().1 },
  .trapping("graph: a number that is no int32") { _ in
    _ = Graph().input("x", ArrayType([2], .int32)) + 1e30
  },
  .trapping("graph: reshaped to another count") { _ in _ = pair().1.reshaped([3, -1]) },
  .trapping("graph: reshaped beyond memory") { _ in _ = pair().1.reshaped([-1, .max, 4]) },
  .trapping("graph: axis 9") { _ in _ = pair().1.sum(axes: [9]) },
  .trapping("graph: axis 9 of a mean") { _ in _ = pair().1.mean(axes: [9]) },
  .trapping("graph: split into 3 of 4") { _ in _ = pair().1.split(axis: 0, parts: 3) },
  .trapping("graph: split into none") { _ in _ = pair().1.split(axis: 0, parts: 0) },
  .trapping("graph: a slice outside") { _ in _ = pair().1.slice(axis: 0, 2..<9) },
  .trapping("graph: padded beyond numbers") { _ in
    _ = pair().1.padded(before: [.max, 0], after: [.max, 0])
  },
  .trapping("graph: nothing to concatenate") { _ in _ = Tensor.concatenate([], axis: 0) },
  .trapping("graph: a dropout of 2") { _ in _ = pair().1.dropout(rate: 2) },
  .trapping("graph: convolution of two axes") { _ in
    let (_, x, y) = pair()
    _ = x.convolution2D(weight: y)
  },
  .trapping("graph: a window of 0") { _ in
    _ = Graph().input("x", ArrayType([1, 1, 4, 4])).maxPool2D(window: 0)
  },
  .trapping("graph: padding beyond numbers") { _ in
    _ = Graph().input("x", ArrayType([1, 1, 4, 4])).averagePool2D(
      window: 2, padding: .symmetric(Size2D(.max, .max)))
  },
  .trapping("graph: a name for two types") { _ in
    let graph = Graph()
    _ = graph.input("x", ArrayType([1]))
    _ = graph.input("x", ArrayType([2]))
  },
  .trapping("graph: gradients of many numbers") { _ in
    let (_, x, _) = pair()
    _ = x.gradients(withRespectTo: [x])
  },
  .trapping("graph: gradients with respect to int32") { _ in
    let (graph, x, _) = pair()
    _ = x.sum().gradients(withRespectTo: [graph.input("i", ArrayType([2], .int32))])
  },
  .trapping("graph: gradients with respect to another graph") { _ in
    _ = pair().1.sum().gradients(withRespectTo: [pair().1])
  },
  .trapping("graph: cross-entropy of float labels") { _ in
    let (_, x, _) = pair()
    _ = x.crossEntropy(labels: x)
  },
  .trapping("graph: a smoothing of 2") { _ in
    let (graph, x, _) = pair()
    _ = x.crossEntropy(labels: graph.input("l", ArrayType([4], .int32)), labelSmoothing: 2)
  },
  .throwing("graph: a label of 9 of 2 classes") { _ in _ = try loss([0, 9]) },
  .throwing("graph: a label of −1") { _ in _ = try loss([-1, 0]) },
  .accepting("graph: labels in range") { _ in
    try expect(abs(try loss([0, 1]) - 0.693147) < 1e-5, "\(try loss([0, 1]))")
  },
  .throwing("graph: gather outside") { _ in
    let graph = Graph()
    let x = graph.constant(HostArray(zeros: ArrayType([2])))
    _ = try x.gather(graph.constant(HostArray([5] as [Int32]))).value()
  },
  .trapping("graph: an output of another graph") { _ in
    _ = try Graph().compile(outputs: ["x": pair().1])
  },
  .throwing("graph: −3 threads") { _ in
    let (graph, x, _) = pair()
    var options = CompileOptions()
    options.threads = -3
    _ = try graph.compile(outputs: ["x": x], options: options)
  },
  .throwing("graph: more threads than there can be") { _ in
    let (graph, x, _) = pair()
    var options = CompileOptions()
    options.threads = .max
    _ = try graph.compile(outputs: ["x": x], options: options)
  },
  .throwing("session: a variable that there is not") { _ in
    let graph = Graph()
    let plan = try graph.compile(outputs: ["w": graph.variable("w", ArrayType([2])) + 1])
    _ = try Session(plan, variables: ["typo": HostArray(zeros: ArrayType([2]))])
  },
  .throwing("session: a variable of another type") { _ in
    let graph = Graph()
    let plan = try graph.compile(outputs: ["w": graph.variable("w", ArrayType([2])) + 1])
    _ = try Session(plan, variables: ["w": HostArray(zeros: ArrayType([3]))])
  },
  .throwing("session: an input that there is not") { _ in
    let (graph, x, _) = pair()
    let session = try Session(graph.compile(outputs: ["x": x + 1]))
    try session.set("typo", to: HostArray(zeros: ArrayType([4, 2])))
  },
  .throwing("session: an input of another type") { _ in
    let (graph, x, _) = pair()
    let session = try Session(graph.compile(outputs: ["x": x + 1]))
    try session.set("x", to: HostArray(zeros: ArrayType([9])))
  },
  .throwing("session: a run without inputs") { _ in
    let (graph, x, _) = pair()
    try Session(graph.compile(outputs: ["x": x + 1])).run()
  },
  .throwing("session: an output before a run") { _ in
    let graph = Graph()
    let session = try Session(
      graph.compile(outputs: ["w": graph.variable("w", ArrayType([2])) + 1]))
    _ = try session.output("w")
  },
  .throwing("session: an output that there is not") { _ in
    let graph = Graph()
    let session = try Session(
      graph.compile(outputs: ["w": graph.variable("w", ArrayType([2])) + 1]))
    try session.run()
    _ = try session.output("typo")
  },
  .throwing("tensor: a value without its input") { _ in _ = try (pair().1 + 1).value() },
  .throwing("tensor: a value with an unknown input") { _ in
    _ = try Graph().constant(1).value(inputs: ["typo": HostArray(1 as Float)])
  },
]
