package import FoveaKernels
package import FoveaNN

/// Times of a convolution's kernels, against which the rule that chooses among them is held.
package struct ConvolutionBenchmark: Codable, Sendable {
  /// A square convolution with padding that keeps the size at stride 1.
  package struct Shape: Hashable, Codable, Sendable {
    package let batch: Int
    package let inputs: Int
    package let outputs: Int
    /// Pixels of a side of the input.
    package let side: Int
    /// Pixels of a side of the window.
    package let window: Int
    package let stride: Int

    package init(
      batch: Int, inputs: Int, outputs: Int, side: Int, window: Int = 3, stride: Int = 1
    ) {
      self.batch = batch
      self.inputs = inputs
      self.outputs = outputs
      self.side = side
      self.window = window
      self.stride = stride
    }

    /// `64×16→32×32², 3×3/2`.
    package var text: String {
      "\(batch)×\(inputs)→\(outputs)×\(side)², \(window)×\(window)"
        + (stride > 1 ? "/\(stride)" : "")
    }
  }

  /// How arrays lie, as far as the kernel is not left to choose.
  package enum Arrangement: String, Codable, Sendable, CaseIterable {
    /// The kernel chooses: blocks of channels.
    case blocked
    case channelsLast
    case rowMajor
  }

  /// One kernel.
  package struct Timing: Codable, Sendable {
    package let shape: Shape
    package let direction: ChooseKernels.Direction
    package let algorithm: ConvolutionAlgorithm
    package let arrangement: Arrangement
    package let implementation: String
    package let milliseconds: Double
    package let gigaflopsPerSecond: Double
    /// Whether the rule chooses this one.
    package let isChosen: Bool

    package var algorithmName: String { algorithm.rawValue }

    /// Whether both are the same way to compute.
    package func isSameKernel(as other: Timing) -> Bool {
      algorithm == other.algorithm && arrangement == other.arrangement
    }
  }

  package let threads: Int
  package let timings: [Timing]

  /// The shapes of the workloads' convolutions, and some beside them.
  package static let shapes =
    [1, 16, 64].flatMap { batch in
      [
        Shape(batch: batch, inputs: 3, outputs: 32, side: 32),
        Shape(batch: batch, inputs: 16, outputs: 16, side: 32),
        Shape(batch: batch, inputs: 32, outputs: 32, side: 16),
        Shape(batch: batch, inputs: 32, outputs: 64, side: 16),
        Shape(batch: batch, inputs: 64, outputs: 64, side: 8),
        Shape(batch: batch, inputs: 128, outputs: 128, side: 8),
      ]
    } + [
      Shape(batch: 64, inputs: 16, outputs: 32, side: 32, stride: 2),
      Shape(batch: 64, inputs: 16, outputs: 32, side: 32, window: 1, stride: 2),
      Shape(batch: 64, inputs: 64, outputs: 64, side: 16, window: 1),
      Shape(batch: 64, inputs: 2, outputs: 1, side: 16, window: 7),
      Shape(batch: 8, inputs: 3, outputs: 64, side: 96, window: 7, stride: 2),
    ]

  /// Times every kernel that there is for some shapes.
  ///
  /// - Parameter seconds: how long each is run.
  package static func measure(
    _ shapes: [Shape] = shapes, seconds: Double = 0.02, threads: Int? = nil,
    report: ([Timing]) -> Void = { _ in }
  ) throws -> ConvolutionBenchmark {
    let threads = threads ?? KernelTeam.defaultThreads
    KernelTeam.use(threads: threads)
    var timings: [Timing] = []
    for shape in shapes {
      for direction in ChooseKernels.Direction.allCases {
        let found = try Self.timings(shape, direction, seconds: seconds, threads: threads)
        timings += found
        report(found)
      }
    }
    return ConvolutionBenchmark(threads: threads, timings: timings)
  }

  /// All kernels for one computation; those that oneDNN lacks here are left out.
  private static func timings(
    _ shape: Shape, _ direction: ChooseKernels.Direction, seconds: Double, threads: Int
  ) throws -> [Timing] {
    let padding = (shape.window - 1) / 2
    let geometry = WindowGeometry(
      strides: [shape.stride, shape.stride], paddingBefore: [padding, padding],
      paddingAfter: [padding, padding])
    let side = geometry.outputSize(shape.side, window: shape.window, axis: 0)
    let source = ArrayType([shape.batch, shape.inputs, shape.side, shape.side])
    let weights = ArrayType([shape.outputs, shape.inputs, shape.window, shape.window])
    let result = ArrayType([shape.batch, shape.outputs, side, side])
    let chosen = ChooseKernels.algorithm(
      direction, geometry, weights: weights.shape, result: result.shape)
    func layout(_ type: ArrayType, _ arrangement: Arrangement) -> Layout {
      switch arrangement {
      case .blocked: .any(type)
      case .channelsLast: .ordered(type, axes: [0, 2, 3, 1])
      case .rowMajor: .rowMajor(type)
      }
    }
    var timings: [Timing] = []
    func time(
      _ algorithm: ConvolutionAlgorithm, _ arrangement: Arrangement, _ kernel: any Kernel,
      _ layouts: [Layout]
    ) throws {
      let time = try Self.seconds(kernel, layouts, limit: seconds)
      let operations = 2 * result.shape.elementCount * shape.inputs * shape.window * shape.window
      timings.append(
        Timing(
          shape: shape, direction: direction, algorithm: algorithm, arrangement: arrangement,
          implementation: kernel.implementation, milliseconds: 1e3 * time,
          gigaflopsPerSecond: 1e-9 * Double(operations) / time,
          isChosen: algorithm == chosen
            && arrangement == (algorithm == .planes ? .rowMajor : .blocked)))
    }
    if chosen == .planes {
      let description = ConvolutionDescription(
        geometry: geometry, source: .rowMajor(source), weights: .rowMajor(weights),
        result: .rowMajor(result), hasBias: false)
      let kernel =
        switch direction {
        case .forward: description.planesForward(threads: threads)
        case .backwardData: description.planesBackwardData(threads: threads)
        case .backwardWeights: description.planesBackwardWeights(threads: threads)
        }
      let sides = [description.source, description.weights, description.result]
      let places =
        switch direction {
        case .forward: [0, 1, 2]
        case .backwardData: [2, 1, 0]
        case .backwardWeights: [0, 2, 1]
        }
      try time(.planes, .rowMajor, kernel, places.map { sides[$0] })
    }
    for arrangement in Arrangement.allCases {
      let description = ConvolutionDescription(
        geometry: geometry, source: layout(source, arrangement), weights: .any(weights),
        result: layout(result, arrangement), hasBias: false)
      guard let kernel = try? direct(description, direction) else { continue }
      try time(.direct, arrangement, kernel, kernel.layouts)
    }
    guard shape.window == 3, shape.stride == 1, shape.inputs % WinogradDescription.block == 0,
      shape.outputs % WinogradDescription.block == 0, WinogradDescription.isFast(on: .current)
    else { return timings }
    for arrangement in [Arrangement.blocked, .channelsLast] {
      func channels(_ type: ArrayType) -> Layout {
        arrangement == .blocked
          ? .channelBlocks(of: type, block: WinogradDescription.block) : layout(type, arrangement)
      }
      // The source's gradient is the same computation from the other side.
      let isTurned = direction == .backwardData
      let sides = [channels(source), channels(result)]
      let (from, to) = isTurned ? (sides[1], sides[0]) : (sides[0], sides[1])
      let description = WinogradDescription(source: from, result: to, paddingBefore: [1, 1])
      let transformed = Layout.rowMajor(
        ArrayType(
          WinogradDescription.transformedShape(
            outputs: to.type.shape[1], channels: from.type.shape[1])))
      if direction == .backwardWeights {
        try time(
          .winograd, arrangement, description.backwardWeights(hasBias: false, threads: threads),
          [from, to, .rowMajor(weights)])
      } else {
        try time(
          .winograd, arrangement,
          description.forward(hasBias: false, relu: false, threads: threads),
          [from, transformed, to])
      }
    }
    return timings
  }

  private static func direct(
    _ description: ConvolutionDescription, _ direction: ChooseKernels.Direction
  ) throws(KernelError) -> PrimitiveKernel {
    switch direction {
    case .forward: try description.forward(training: true)
    case .backwardData: try description.backwardData()
    case .backwardWeights: try description.backwardWeights()
    }
  }

  private static func seconds(
    _ kernel: any Kernel, _ layouts: [Layout], limit: Double
  ) throws -> Double {
    var end = 0
    let slots = layouts.map { layout in
      defer { end += PlanMemory.aligned(layout.byteCount) }
      return Slot(storage: .arena(end), layout: layout)
    }
    let bound = try BoundKernels(
      [(kernel, slots)], arena: Memory(byteCount: end + kernel.scratchBytes), scratchOffset: end,
      variables: [])
    return try Stopwatch.median(seconds: limit) { try bound.run() }
  }

  /// The fastest kernel for each shape and direction beside the one that the rule chooses.
  package var choices: [(chosen: Timing, fastest: Timing)] {
    var choices: [(chosen: Timing, fastest: Timing)] = []
    var rest = timings[...]
    while let first = rest.first {
      let group = rest.prefix { $0.shape == first.shape && $0.direction == first.direction }
      rest = rest.dropFirst(group.count)
      if let chosen = group.first(where: \.isChosen),
        let fastest = group.min(by: { $0.milliseconds < $1.milliseconds })
      {
        choices.append((chosen, fastest))
      }
    }
    return choices
  }
}
