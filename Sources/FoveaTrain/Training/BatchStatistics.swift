package import FoveaData
import FoveaInference
import FoveaKernels
import FoveaNN

extension TrainingModel {
  /// Whether batch normalisation keeps statistics.
  var storesStatistics: Bool {
    description.parameters.contains { $0.path.hasSuffix(BatchNorm.meanName) }
  }

  /// Replaces the stored statistics of batch normalisation by those of a feed's first batches, with the
  /// weights as they are: moving averages lag behind weights that move fast.
  ///
  /// With mean mᵦ and variance vᵦ of each of B batches: mean = Σ mᵦ / B, variance = Σ (vᵦ + (mᵦ − mean)²) / B.
  /// Wu and Johnson 2021, "Rethinking Batch in BatchNorm", section 3.
  ///
  /// - Parameter most: examples after which no further batch is taken.
  package func gatherStatistics(on feed: any BatchFeed, atMost most: Int) throws {
    var sums: [String: (values: [Double], squares: [Double])] = [:]
    var sessions: [BatchShape: Session] = [:]
    var (seen, count) = (0, 0.0)
    let batches = try feed.batches(epoch: 0, from: 0)
    while seen < most, let batch = try batches.nextGivingWay() {
      // A rest of few examples would say less of the whole than it counts.
      if seen > 0, 2 * batch.examples.count < feed.batchSize { break }
      let shape = description.shape(of: batch.arrays, batch: batch.examples.count)
      let session = try sessions[shape] ?? statisticsSession(shape)
      sessions[shape] = session
      for (name, array) in batch.arrays where session.plan.inputs[name] != nil {
        try session.set(name, to: array)
      }
      try session.run()
      for name in session.plan.outputs.keys {
        let values = try session.output(name).floats.map(Double.init)
        let squares = values.map { $0 * $0 }
        let sum = sums[name]
        sums[name] = (
          sum.map { zip($0.values, values).map(+) } ?? values,
          sum.map { zip($0.squares, squares).map(+) } ?? squares
        )
      }
      seen += batch.examples.count
      count += 1
    }
    for (name, sum) in sums {
      var values = sum.values.map { $0 / count }
      if name.hasSuffix(BatchNorm.varianceName),
        let means = sums[name.dropLast(BatchNorm.varianceName.count) + BatchNorm.meanName]
      {
        for (index, (value, square)) in zip(means.values, means.squares).enumerated() {
          values[index] += max(square / count - value * value / (count * count), 0)
        }
      }
      try variables.set(name, to: HostArray(values.map(Float.init)))
    }
  }

  private func statisticsSession(_ batch: BatchShape) throws -> Session {
    let graph = Graph(for: description, mode: .statistics)
    _ = description.logits(in: graph, batch: batch)
    var options = CompileOptions()
    options.threads = settings.threads
    options.storedVariables = variables.layouts
    let plan = try graph.compile(
      outputs: graph.observations.mapValues { graph.tensor($0) }, options: options)
    return try Session(plan, variables: variables, arena: arena)
  }
}
