import FoveaArray
import FoveaData
import FoveaInference
import FoveaKernels
import FoveaNN
import FoveaRuns
import FoveaTrain
import Testing

@Suite(.serialized) struct BatchStatisticsTests {
  private var template: NetworkDescription {
    var template = NetworkDescription(ResNetFamily())
    template.attention = "cbam"
    template.widths = [8, 8, 16]
    template.depth = 8
    return template
  }

  @Test func statisticsAreThoseOfAllBatches() async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(48))
    var settings = MadeTraining.settings
    settings.validationSplit = 0
    settings.batchSize = 16
    let training = try ClassifierTraining(pictures, template: template, settings: settings)
    let (weights, moments) = try await gathered(training, settings)
    // Of what the first convolution makes of all pictures, channel by channel.
    let mean = try #require(weights["norm.runningMean"]?.floats)
    let variance = try #require(weights["norm.runningVariance"]?.floats)
    for channel in mean.indices {
      #expect(abs(Double(mean[channel]) - moments[channel].mean) < 1e-4)
      #expect(
        abs(Double(variance[channel]) - moments[channel].variance)
          < 0.01 * moments[channel].variance)
    }
  }

  /// The weights after gathering, and mean and variance of each channel of the first convolution.
  @KernelActor private func gathered(
    _ training: ClassifierTraining, _ settings: TrainingSettings
  ) throws -> (Weights, [(mean: Double, variance: Double)]) {
    let model = try TrainingModel(
      training.model, settings: settings, weights: training.startWeights)
    try model.prepare(batch: 16)
    try model.gatherStatistics(on: training.trainingFeed, atMost: 48)
    let kernel = try #require(training.startWeights["stem.weight"])
    let statistics = training.description.normalization
    let (outputs, inputs, size) = (kernel.shape[0], kernel.shape[1], kernel.shape[2])
    let numbers = kernel.floats
    var sums = [(sum: Double, square: Double)](repeating: (0, 0), count: outputs)
    var count = 0.0
    let store = training.data.training
    for index in store.usable {
      guard case .picture(let picture) = try store.appearance(at: index) else { continue }
      let pixels = picture.pixels
      func value(_ y: Int, _ x: Int, _ channel: Int) -> Double {
        guard (0..<12).contains(y), (0..<12).contains(x) else { return 0 }
        return
          (Double(pixels[(y * 12 + x) * 3 + channel]) / 255
          - Double(statistics.mean[channel]))
          / Double(statistics.deviation[channel])
      }
      for y in 0..<12 {
        for x in 0..<12 {
          count += 1
          for output in 0..<outputs {
            var sum = 0.0
            for channel in 0..<inputs {
              for row in 0..<size {
                for column in 0..<size {
                  let place = ((output * inputs + channel) * size + row) * size + column
                  sum += Double(numbers[place]) * value(y + row - 1, x + column - 1, channel)
                }
              }
            }
            sums[output].sum += sum
            sums[output].square += sum * sum
          }
        }
      }
    }
    return (
      try model.weights(),
      sums.map { sum, square in
        let mean = sum / count
        return (mean, square / count - mean * mean)
      }
    )
  }

  /// After seventy steps at a high rate moving averages lag behind: pictures that were learned were told apart
  /// worse than when they were trained on.
  @Test func inferenceOnTheTrainingPartIsAsGoodAsTraining() async throws {
    let pictures = try MadeTraining.pictures(MadeTraining.dataset(224))
    var settings = MadeTraining.settings
    settings.validationSplit = 0
    settings.batchSize = 32
    settings.epochs = 10
    settings.optimizer = .adam
    settings.schedule = .constant
    settings.learningRate = 0.003
    settings.patience = 0
    let training = try ClassifierTraining(pictures, template: template, settings: settings)
    let (outcome, _) = try await training.trained()
    let last = try #require(outcome.history.last)
    #expect(last.step == 70 && last.trainingAccuracy > 0.9)
    let evaluation = try await PredictionEngine(training.model, weights: outcome.weights)
      .evaluation(on: pictures.training.evaluationFeed(of: training.split.kept, batchSize: 32))
    #expect(evaluation.accuracy > last.trainingAccuracy - 0.04)
  }
}
