import Foundation
import Fovea

/// outside RUN PICTURE DATA: what a run says of a picture, then a training of its own.
@main
enum Main {
  static func main() async throws {
    let paths = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
    guard paths.count == 3 else { fatalError("outside RUN PICTURE DATA") }

    let classifier = try ImageClassifier(contentsOf: paths[0])
    let prediction = try await classifier.prediction(from: paths[1])
    print("\(prediction.label)\t\(prediction.probability)")
    let report = try await classifier.evaluation(on: .labeledDirectories(at: paths[2]))
    print("accuracy \(report.accuracy), \(report.accuracyInterval)")

    var parameters = ImageClassifier.ModelParameters()
    parameters.network.attention = "none"
    parameters.network.widths = [4, 8]
    parameters.network.hidden = 16
    parameters.training.epochs = 1
    let trained = try await ImageClassifier.train(
      trainingData: .labeledDirectories(at: paths[2]), parameters: parameters)
    guard trained.classes == report.classes.map(\.name), trained.validationAccuracy != nil else {
      fatalError("trained on \(trained.classes)")
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "outside-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try trained.write(to: folder)
    let loaded = try ImageClassifier(contentsOf: folder)
    let first = try await trained.prediction(from: paths[1])
    let second = try await loaded.prediction(from: paths[1])
    guard first == second else { fatalError("\(first) was written and \(second) was read") }
    print("trained")
  }
}
