// Loads a trained run and says what it sees in pictures.
//
//   swift run -c release load-and-predict RUN PICTURE…
import Foundation
import Fovea

@main
enum Main {
  static func main() async throws {
    let paths = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
    guard let run = paths.first else {
      print("usage: load-and-predict RUN PICTURE…")
      exit(64)
    }
    let classifier = try ImageClassifier(contentsOf: run)
    print("classes: \(classifier.classes.joined(separator: ", "))")

    // Any number of tasks may ask one classifier at once.
    try await withThrowingTaskGroup(of: (URL, ImageClassifier.Prediction).self) { group in
      for picture in paths.dropFirst() {
        group.addTask { (picture, try await classifier.prediction(from: picture)) }
      }
      for try await (picture, prediction) in group {
        print("\(picture.lastPathComponent): \(prediction.label) (\(prediction.probability))")
      }
    }
  }
}
