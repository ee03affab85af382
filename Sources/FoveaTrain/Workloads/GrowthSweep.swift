import FoveaNN

/// How the time of a training step grows with one size at a time, beside its FLOPs.
package struct GrowthSweep: Codable, Sendable {
  /// One size of one workload.
  package struct Axis: Sendable {
    package let workload: String
    /// `batch`, or PyTorch's name for a size of the workload: `length`, `width`, `layers`.
    package let size: String
    package let values: [Int]
    /// Items in a batch, unless that is what grows.
    package let batch: Int
  }

  /// One measured step.
  package struct Point: Codable, Sendable {
    package let workload: String
    package let size: String
    package let value: Int
    package let batch: Int
    package let milliseconds: Double
    package let floatingPointOperations: Int
    package let arenaBytes: Int
    package var gigaflopsPerSecond: Double {
      1e-6 * Double(floatingPointOperations) / milliseconds
    }

    package init(
      workload: String, size: String, value: Int, batch: Int, milliseconds: Double,
      floatingPointOperations: Int, arenaBytes: Int
    ) {
      self.workload = workload
      self.size = size
      self.value = value
      self.batch = batch
      self.milliseconds = milliseconds
      self.floatingPointOperations = floatingPointOperations
      self.arenaBytes = arenaBytes
    }
  }

  package let threads: Int
  package let points: [Point]

  /// What is measured where nothing else is said.
  package static let axes = [
    Axis(workload: "cnn", size: "batch", values: [8, 16, 32, 64, 128, 256], batch: 0),
    Axis(
      workload: "long-attention", size: "length", values: [512, 1024, 2048, 4096, 8192], batch: 1),
    Axis(workload: "encoder", size: "length", values: [64, 128, 256, 512, 1024], batch: 4),
    Axis(workload: "encoder", size: "width", values: [64, 128, 256, 512], batch: 8),
    Axis(workload: "encoder", size: "layers", values: [1, 2, 4, 8], batch: 8),
  ]

  /// Measures training steps.
  ///
  /// - Parameters:
  ///   - iterations: steps that are timed at each point, after one that is not.
  ///   - report: is given each point when it is measured.
  package static func measure(
    _ axes: [Axis] = axes, iterations: Int, threads: Int? = nil,
    report: (Point) -> Void = { _ in }
  ) throws -> GrowthSweep {
    var points: [Point] = []
    var team = 0
    for axis in axes {
      for value in axis.values {
        let isBatch = axis.size == "batch"
        let workload = try Workload(
          named: axis.workload, arguments: isBatch ? [:] : [axis.size: value])
        let batch = isBatch ? value : axis.batch
        let session = try WorkloadBenchmark.session(
          for: workload, mode: .train, batch: batch, threads: threads)
        let times = try WorkloadBenchmark.times(session, iterations: iterations, warmUp: 1).sorted
        team = session.plan.threads
        let point = Point(
          workload: axis.workload, size: axis.size, value: value, batch: batch,
          milliseconds: 1e3 * times[times.count / 2],
          floatingPointOperations: session.plan.floatingPointOperations,
          arenaBytes: session.plan.arenaBytes)
        points.append(point)
        report(point)
      }
    }
    return GrowthSweep(threads: team, points: points)
  }

  package init(threads: Int, points: [Point]) {
    self.threads = threads
    self.points = points
  }

  /// The points of each axis, in the order measured.
  package var curves: [[Point]] {
    var curves: [[Point]] = []
    for point in points {
      if let last = curves.last?.last, last.workload == point.workload, last.size == point.size {
        curves[curves.count - 1].append(point)
      } else {
        curves.append([point])
      }
    }
    return curves
  }

  /// The power of FLOPs with which time grows over a curve, fitted to logarithms: 1 is in
  /// proportion, more is faster than FLOPs.
  package static func exponent(_ curve: [Point]) -> Double? {
    let logs = curve.filter { $0.floatingPointOperations > 0 && $0.milliseconds > 0 }.map {
      (x: Double($0.floatingPointOperations).logarithm, y: $0.milliseconds.logarithm)
    }
    guard logs.count > 1 else { return nil }
    let (x, y) = (
      logs.map(\.x).reduce(0, +) / Double(logs.count),
      logs.map(\.y).reduce(0, +) / Double(logs.count)
    )
    let spread = logs.map { ($0.x - x) * ($0.x - x) }.reduce(0, +)
    guard spread > 0 else { return nil }
    return logs.map { ($0.x - x) * ($0.y - y) }.reduce(0, +) / spread
  }
}
