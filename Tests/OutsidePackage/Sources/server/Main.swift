import Foundation
import FoveaInference

/// server RUN PICTURE: what a run says of an upload, by the product for servers and one import.
@main
enum Main {
  static func main() async throws {
    let paths = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
    guard paths.count == 2 else { fatalError("server RUN PICTURE") }
    let classifier = try ImageClassifier(contentsOf: paths[0])

    let picture: Picture = try PictureDecoder().decode(
      Data(contentsOf: paths[1]), name: "upload")
    let prediction = try await classifier.prediction(from: picture)
    print("\(prediction.label)\t\(prediction.probability)")

    do {
      _ = try PictureDecoder().decode(Data("no picture".utf8), name: "upload")
      fatalError("words were taken for a picture")
    } catch let error as InputError {
      print("refused \(error.localizedDescription)")
    }

    let highlight = try await classifier.explanation(of: paths[1])
    print("verdict \(highlight.verdict), \(highlight.method)")
  }
}
