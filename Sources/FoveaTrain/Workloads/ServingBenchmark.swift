import FoveaArray
import FoveaData
import FoveaExplain
import FoveaInference
import FoveaNN
import FoveaRuns
import Synchronization

/// How many single predictions a process answers, and how long one waits beside other work.
///
/// A `cnn` for grey pictures of 48×48 pixels with start weights; pictures are in memory. Two of these
/// at once, each in a process of its own, show what waiting threads cost a neighbour.
package struct ServingBenchmark: Codable, Sendable {
  /// Tasks that ask, each for its next prediction as soon as it has one.
  package let tasks: Int
  package let predictionsPerSecond: Double
  /// Of the predictions of one task alone.
  package let medianMilliseconds: Double
  package let slowestMilliseconds: Double
  /// Of one task while a picture is explained by covering its parts.
  package let medianBesideExplanationMilliseconds: Double
  package let slowestBesideExplanationMilliseconds: Double
  package let explanationMilliseconds: Double

  /// Measures for so many seconds.
  package static func measure(
    tasks: Int, seconds: Double, threads: Int? = nil
  ) async throws -> ServingBenchmark {
    let input = try PictureInput(width: 48, height: 48, channels: .grey)
    let classes = ["a", "b", "c", "d"]
    let description = ClassifierDescription(
      network: .cnn(CNN.Options(height: 48, width: 48, channels: 1, classes: classes.count)),
      input: .picture(input),
      normalization: ChannelStatistics(mean: [0.5], deviation: [0.25]), classes: classes)
    let model = try description.pictureModel()
    let key = RandomKey(seed: 0)
    let weights = model.initialWeights(key: key)
    let engine = try PredictionEngine(model, weights: weights, threads: threads)
    let explainer = ExplanationEngine(
      model, weights: weights, description: description, threads: threads)
    let picture = try Picture(
      width: 48, height: 48, channels: 1,
      pixels: (0..<(48 * 48)).map { UInt8(key.integer(below: 256, at: UInt64($0))) })
    @Sendable func predict() async throws -> Double {
      let start = ContinuousClock.now
      _ = try await engine.probabilities(of: [picture])
      return (ContinuousClock.now - start).seconds
    }
    @Sendable func explain() async throws -> Double {
      let start = ContinuousClock.now
      _ = try await explainer.highlights(
        of: picture, Explainer.Request(methods: [.occlusion, .rise]),
        settings: HighlightSettings())
      return (ContinuousClock.now - start).seconds
    }
    // Plans are made.
    _ = try await predict()
    _ = try await explain()

    let end = ContinuousClock.now + .seconds(seconds)
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<tasks {
        group.addTask {
          var count = 0
          while ContinuousClock.now < end {
            _ = try await predict()
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
    var alone: [Double] = []
    for _ in 0..<200 { alone.append(try await predict()) }
    let isDone = Flag()
    async let explanation = {
      defer { isDone.raise() }
      return try await explain()
    }()
    var beside: [Double] = []
    repeat { beside.append(try await predict()) } while !isDone.isUp
    alone.sort()
    beside.sort()
    return ServingBenchmark(
      tasks: tasks, predictionsPerSecond: Double(count) / seconds,
      medianMilliseconds: 1e3 * alone[alone.count / 2],
      slowestMilliseconds: 1e3 * alone[alone.count - 1],
      medianBesideExplanationMilliseconds: 1e3 * beside[beside.count / 2],
      slowestBesideExplanationMilliseconds: 1e3 * beside[beside.count - 1],
      explanationMilliseconds: 1e3 * (try await explanation))
  }
}

/// What one task tells another.
private final class Flag: Sendable {
  private let state = Atomic(false)
  var isUp: Bool { state.load(ordering: .acquiring) }
  func raise() { state.store(true, ordering: .releasing) }
}
