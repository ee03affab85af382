// Trains a classifier on pictures that are made in memory, and measures it on others.
//
//   swift run -c release train-on-scenes [RUN]
//
// With RUN, a folder, the classifier is kept there.
import Foundation
import Fovea

@main
enum Main {
  static func main() async throws {
    // Scenes of gratings; the orientation of the one red-green grating is the class.
    let options = try SceneOptions(
      count: 1000, contrast: 0.6, noise: 0.05, distractors: 0...3, seed: 3)
    let scenes = try SceneSet(options, testCount: 200).data()

    var parameters = ImageClassifier.ModelParameters()
    parameters.network.kernelSizes = [5, 3]
    parameters.network.head = .mean
    parameters.training.epochs = 3
    parameters.training.batchSize = 32
    parameters.training.learningRate = 0.003
    let classifier = try await ImageClassifier.train(
      trainingData: .pictures(scenes), parameters: parameters
    ) { event in
      if case .epoch(let record, _) = event {
        print("epoch \(record.epoch): loss \(record.trainingLoss)")
      }
    }

    let report = try await classifier.evaluation(on: .pictures(scenes))
    let interval = report.accuracyInterval
    print("accuracy \(report.accuracy), 95 % interval \(interval.lower) to \(interval.upper)")
    for result in report.classes {
      print("class \(result.name): \(result.support) pictures, recall \(result.recall ?? 0)")
    }
    if CommandLine.arguments.count > 1 {
      try classifier.write(to: URL(filePath: CommandLine.arguments[1]))
    }
  }
}
