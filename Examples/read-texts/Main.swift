// Summarizes a text, finds the sentence that is nearest to a question, and goes on writing.
//
//   swift run -c release read-texts TEXT EMBEDDING-MODEL LANGUAGE-MODEL QUESTION
import Foundation
import Fovea

@main
enum Main {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 4 else {
      print("usage: read-texts TEXT EMBEDDING-MODEL LANGUAGE-MODEL QUESTION")
      exit(64)
    }
    let text = try TextFile.read(URL(filePath: arguments[0]))

    // By words alone: no model, any language.
    let summary = try await Summarizer(.lexrank).summary(of: text, length: .sentences(2))
    for sentence in summary.chosen {
      print("summary \(sentence.span.start)–\(sentence.span.end): \(sentence.span.text)")
    }

    // By meaning: sentences and the question as vectors.
    let embedder = try SentenceEmbedder(contentsOf: URL(filePath: arguments[1]))
    let sentences = SegmentedText(text).sentences
    let vectors = try await embedder.embeddings(of: sentences.map(\.text))
    let question = try await embedder.embedding(of: arguments[3])
    let nearest = zip(sentences, vectors).max {
      SentenceEmbedder.cosine($0.1, question) < SentenceEmbedder.cosine($1.1, question)
    }
    if let nearest { print("nearest: \(nearest.0.text)") }

    let generator = try TextGenerator(contentsOf: URL(filePath: arguments[2]))
    let generated = try await generator.text(
      after: "The words", options: .init(maximumTokens: 12, temperature: 0.8, topP: 0.9, seed: 1))
    print("written: \(generated.ids.count) tokens")
  }
}
