import FoveaArray
import FoveaKernels
import FoveaNN

/// The class whose mean is nearest, in Euclidean distance.
struct NearestClassMean {
  private let means: [(label: Int, mean: [Float])]

  init(_ rows: [[Float]], labels: [Int]) {
    means = Dictionary(grouping: rows.indices, by: { labels[$0] }).sorted { $0.key < $1.key }.map {
      label, indices in
      var mean = [Float](repeating: 0, count: rows[indices[0]].count)
      for index in indices {
        for (place, value) in rows[index].enumerated() { mean[place] += value }
      }
      return (label, mean.map { $0 / Float(indices.count) })
    }
  }

  /// The class that is said of an example.
  func label(of row: [Float]) -> Int {
    func distance(_ mean: [Float]) -> Float {
      zip(row, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return means.min { distance($0.mean) < distance($1.mean) }?.label ?? 0
  }
}

/// Multinomial logistic regression, the mean cross-entropy of softmax(x Wᵀ + b) + λ ‖W‖² / 2 at its minimum.
///
/// The loss is convex; Adam on all examples at once comes close enough for a reference in 200 steps.
struct LogisticRegression {
  private let matrix: [Float]
  private let biases: [Float]

  private static let steps = 200
  private static let rate: Float = 0.05

  /// - Parameter penalty: λ.
  @KernelActor
  init(
    _ rows: [[Float]], labels: [Int], classCount: Int, penalty: Float, threads: Int?
  ) throws {
    let features = rows[0].count
    let layer = Layer(inputs: features, outputs: classCount)
    let graph = Graph(for: layer, mode: .training)
    let logits = layer.head(graph.input("x", ArrayType([rows.count, features])))
    let labelInput = graph.input("labels", ArrayType([rows.count], .int32))
    let loss =
      logits.crossEntropy(labels: labelInput)
      + graph[layer.head.weight].sumOfSquares() * (penalty / 2)
    loss.minimize(layer, StepSettings(optimizer: .adam()))
    var options = CompileOptions()
    options.threads = threads
    let start = layer.initialWeights(key: RandomKey(seed: 0))
    let variables = VariableStore(start.arrays)
    let session = try Session(
      try graph.compile(outputs: ["loss": loss], options: options), variables: variables)
    try session.set("x", to: HostArray([rows.count, features], rows.flatMap { $0 }))
    try session.set("labels", to: HostArray(labels.map { Int32($0) }))
    for step in 0..<Self.steps {
      try Task.checkCancellation()
      let rate = LearningRateSchedule.cosine.learningRate(
        step: step, of: Self.steps, rate: Self.rate)
      try session.set("learningRate", to: HostArray(rate))
      try session.set("step", to: HostArray(Float(step + 1)))
      try session.run()
    }
    matrix = try variables.value("head.weight")?.floats ?? []
    biases = try variables.value("head.bias")?.floats ?? []
  }

  /// x Wᵀ + b, a number for each class.
  func logits(of row: [Float]) -> [Float] {
    biases.indices.map { label in
      zip(row, matrix[(label * row.count)...]).reduce(biases[label]) { $0 + $1.0 * $1.1 }
    }
  }

  private struct Layer: Module {
    let head: Linear

    init(inputs: Int, outputs: Int) {
      head = Linear(inputs: inputs, outputs: outputs, startsAtZero: true)
    }
  }
}
