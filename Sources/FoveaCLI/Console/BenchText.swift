import Fovea
import FoveaArray
import FoveaTrain

/// What `fovea bench` measured, as lines for people.
enum BenchText {
  private static func fixed(_ value: Double, _ decimals: Int = 2) -> String {
    NumberText.fixed(value, decimals: decimals)
  }

  static func megabytes(_ bytes: Int) -> String { "\(fixed(1e-6 * Double(bytes), 1)) MB" }

  static func lines(_ result: WorkloadBenchmark) -> [String] {
    [
      """
      \(result.workload) \(result.mode.rawValue) batch \(result.batch), \
      \(NumberText.count(result.threads, "thread")): \(fixed(result.medianMilliseconds, 3)) ms \
      (fastest \(fixed(result.fastestMilliseconds, 3))), \(fixed(result.gigaflopsPerSecond, 1)) \
      GFLOP/s, \(NumberText.percent(result.shareOfRoof)) of the roof, \
      \(fixed(result.gigabytesPerSecond, 1)) GB/s
      """,
      """
      start: compile \(fixed(result.compileMilliseconds, 0)) ms, prepare \
      \(fixed(result.prepareMilliseconds, 0)) ms, first step \
      \(fixed(result.firstStepMilliseconds, 0)) ms
      """,
      """
      memory: arena \(megabytes(result.arenaBytes)), process at most \
      \(megabytes(result.peakBytes)); \(NumberText.count(result.reorders, "reorder")) a step
      """,
    ]
  }

  static func lines(_ result: ServingBenchmark) -> [String] {
    [
      """
      \(fixed(result.predictionsPerSecond, 0)) predictions a second for \
      \(NumberText.count(result.tasks, "task"))
      """,
      """
      one alone: \(fixed(result.medianMilliseconds)) ms, at most \
      \(fixed(result.slowestMilliseconds)); beside an explanation of \
      \(fixed(result.explanationMilliseconds, 0)) ms: \
      \(fixed(result.medianBesideExplanationMilliseconds)), at most \
      \(fixed(result.slowestBesideExplanationMilliseconds))
      """,
    ]
  }

  static func lines(_ result: GenerationBenchmark) -> [String] {
    [
      """
      \(fixed(result.millisecondsPerToken)) ms a token at a context of \(result.context), \
      \(NumberText.count(result.threads, "thread"))
      """,
      """
      floor: \(megabytes(result.weightBytes)) of weights and \(megabytes(result.cacheBytes)) of keys \
      and values at \(fixed(result.gigabytesPerSecond, 1)) GB/s are read in \
      \(fixed(result.floorMilliseconds)) ms; a token takes \(fixed(result.ratio)) times that
      """,
    ]
  }

  /// All steps, for `--steps`.
  static func stepLines(_ profile: WorkloadProfile) -> [String] {
    TextTable(
      [.number("ms"), .text("step", limit: .max)],
      rows: profile.steps.map { [fixed($0.milliseconds, 3), $0.text] }
    ).lines()
  }

  /// A row for each kind of op, and where the machine's ceilings lie.
  static func rooflineLines(_ profile: WorkloadProfile) -> [String] {
    var table = TextTable([
      .text("op"), .number("calls"), .number("ms"), .number("share"), .number("GFLOP/s"),
      .number("GB/s"), .number("ms at the roof"),
    ])
    for op in profile.ops {
      table.append([
        op.op, "\(op.calls)", fixed(op.milliseconds, 3), NumberText.percent(op.share),
        fixed(op.gigaflopsPerSecond, 1), fixed(op.gigabytesPerSecond, 1),
        fixed(op.roofMilliseconds, 3),
      ])
    }
    let flops = 1e-9 * Double(profile.floatingPointOperations)
    let bytes = 1e-9 * Double(profile.bytes)
    return table.lines() + [
      "",
      """
      \(profile.workload) \(profile.mode.rawValue) batch \(profile.batch): \(fixed(flops)) GFLOP, \
      \(fixed(bytes, 3)) GB of operands, \(fixed(flops / bytes, 1)) FLOPs a byte
      """,
      """
      ceilings: \(fixed(profile.roof.gigaflopsPerSecond, 0)) GFLOP/s, \
      \(fixed(profile.roof.gigabytesPerSecond, 0)) GB/s on \
      \(NumberText.count(profile.roof.threads, "thread"))
      """,
      """
      steps one by one \(fixed(profile.milliseconds)) ms; at the roof \
      \(fixed(profile.roofMilliseconds)) ms: \
      \(NumberText.percent(profile.roofMilliseconds / profile.milliseconds, decimals: 0)) of it
      """,
    ]
  }

  static func lines(_ sweep: GrowthSweep) -> [String] {
    var lines: [String] = []
    for curve in sweep.curves {
      guard let first = curve.first else { continue }
      var table = TextTable([
        .text("workload"), .number(first.size), .number("ms"), .number("GFLOP"),
        .number("GFLOP/s"), .number("arena"),
      ])
      for point in curve {
        table.append([
          point.workload, NumberText.count(point.value), fixed(point.milliseconds),
          fixed(1e-9 * Double(point.floatingPointOperations), 3),
          fixed(point.gigaflopsPerSecond, 1), megabytes(point.arenaBytes),
        ])
      }
      lines += table.lines()
      if let exponent = GrowthSweep.exponent(curve) {
        lines.append("time grows with the FLOPs to the power of \(fixed(exponent))")
      }
      lines.append("")
    }
    return lines.dropLast()
  }

  static func lines(_ benchmark: ConvolutionBenchmark) -> [String] {
    let choices = benchmark.choices
    var table = TextTable([
      .text("shape"), .text("direction"), .text("algorithm"), .text("arrays"),
      .text("implementation"), .number("ms"), .number("GFLOP/s"), .text(""),
    ])
    for timing in benchmark.timings {
      let choice = choices.first {
        $0.chosen.shape == timing.shape && $0.chosen.direction == timing.direction
      }
      let marks = [
        choice?.chosen.isSameKernel(as: timing) == true ? "rule" : nil,
        choice?.fastest.isSameKernel(as: timing) == true ? "fastest" : nil,
      ]
      table.append([
        timing.shape.text, timing.direction.rawValue, timing.algorithmName,
        timing.arrangement.rawValue, timing.implementation, fixed(timing.milliseconds, 3),
        fixed(timing.gigaflopsPerSecond, 1), marks.compactMap { $0 }.joined(separator: ", "),
      ])
    }
    let right = choices.count { $0.chosen.milliseconds <= 1.05 * $0.fastest.milliseconds }
    var lines = table.lines()
    lines.append("")
    lines.append(
      "the rule's choice is within 5 % of the fastest in \(right) of \(choices.count) cases")
    let losses = choices.map { $0.chosen.milliseconds / $0.fastest.milliseconds }
    if let (worst, loss) = zip(choices, losses).max(by: { $0.1 < $1.1 }), loss > 1.05 {
      lines.append(
        "at worst it takes \(fixed(loss)) times as long: \(worst.chosen.shape.text), "
          + "\(worst.chosen.direction.rawValue)")
    }
    return lines
  }

  static func lines(_ feed: FeedBenchmark) -> [String] {
    func rate(_ picturesPerSecond: Double) -> String {
      NumberText.count(Int(picturesPerSecond.rounded()))
    }
    let threads = NumberText.count(feed.threads, "thread")
    return [
      """
      \(NumberText.count(feed.pictures, "picture")) to \(feed.width)×\(feed.height) in batches of \
      \(feed.batch), augmentation \(feed.augmentation)
      """
    ]
      + TextTable(
        [.text("pictures a second", limit: 60), .number("")],
        rows: [
          ["decoded and resized, on \(threads)", rate(feed.readingPicturesPerSecond)],
          ["decoded, resized, augmented, on \(threads)", rate(feed.decodingPicturesPerSecond)],
          ["held decoded, augmented, on 1 thread", rate(feed.heldPicturesPerSecond)],
        ]
      ).lines()
  }
}
