import ArgumentParser
import FoundationEssentials
import Fovea
import FoveaArray
import FoveaData
import FoveaExplain
import FoveaInference
import FoveaReport
import FoveaRuns
import FoveaText

extension Explain {
  /// Which words and sentences of texts matter.
  func explainTexts(_ directory: RunDirectory, _ console: Console) async throws {
    let classifier = try TextClassifier(contentsOf: directory.url)
    let texts = try TextSources.texts(at: paths, column: textColumn, console)
    let folder = try checkedFolder(reading: [])
    defer { folder.close() }
    let methods = try methods(
      among: try await classifier.availableMethods, usual: classifier.defaultMethod,
      attention: classifier.configuration.classifier.network.attention)
    if let label { try Explainer.index(of: label, among: classifier.classes) }
    let truths = try truth.map { try TextTruth(URL(filePath: $0), textColumn, spansColumn) }
    if let truths, !texts.contains(where: { truths.spans(of: $0.text) != nil }) {
      throw InputError(
        "none of the texts is in the truth", at: truth,
        advice: "It should hold the same texts, letter for letter")
    }
    var settings = HighlightSettings()
    settings.seed = seed
    var results = TextExplanationResults(run: runFolder, output: output, methods: methods)
    results.notes = [NetworkStanding(classifier.configuration).note].compactMap { $0 }
    for note in results.notes { console.note(note) }
    var writer = TextHighlightWriter(folder: folder)
    for (index, item) in texts.enumerated() {
      try Task.checkCancellation()
      console.bar("Explaining \(index + 1) of \(texts.count): \(item.name)")
      let highlights: [TextHighlight]
      do {
        highlights = try await classifier.explanations(
          of: item.text, methods: methods, class: label, truth: truths?.spans(of: item.text),
          settings: settings)
      } catch let error as InputError {
        results.broken.append(InputError(error.problem, at: item.name, advice: error.advice))
        continue
      }
      // A full disk is no fault of the text: it ends the work.
      let written = try writer.write(
        highlights, of: item.text, named: item.name, truth: truths?.spans(of: item.text))
      results.add(highlights, named: item.name, file: written)
      console.endBar()
      for note in highlights.first?.reading.notes ?? [] {
        results.notes.append("\(item.name): \(note)")
        console.note("\(item.name): \(note)")
      }
      if !outputOptions.json {
        for highlight in highlights {
          for line in TextHighlightText.lines(item.name, item.text, highlight) {
            StandardOutput.line(line)
          }
        }
      }
    }
    console.endBar()
    for note in folder.notes { console.note(note) }
    try outputOptions.printResult(results.object, TextHighlightText.summary(results))
    for error in results.broken.prefix(20) { Console.error(error) }
    if !results.broken.isEmpty { throw ExitCode.failure }
  }
}

/// The characters that people marked in texts.
struct TextTruth {
  private var known: [String: [Range<Int>]] = [:]

  /// Reads JSON lines with texts and spans.
  ///
  /// - Throws: `InputError` with the line of a span that is none, or lies outside its text.
  init(_ url: URL, _ textColumn: String, _ spansColumn: String) throws {
    let table = try TextColumns(contentsOf: url)
    for (text, spans) in try zip(table.texts(textColumn), table.spans(spansColumn)) {
      let length = text.text.unicodeScalars.count
      if let outside = spans.ranges.first(where: { $0.upperBound > length }) {
        throw InputError(
          "a span ends at \(outside.upperBound), behind the text, which has \(length) characters",
          at: url.relativePath, row: text.row,
          advice: "Spans are counted in Unicode characters, from 0")
      }
      known[text.text] = spans.ranges
    }
  }

  /// The spans of a text; `nil` where nothing is known.
  func spans(of text: String) -> [Range<Int>]? { known[text] }
}

/// Writes what belongs to a text's highlights into a folder: `NAME.json` and `NAME.html`.
struct TextHighlightWriter {
  private struct Document: Encodable {
    let schemaVersion = 1
    let name: String
    let text: String
    let highlights: [TextHighlight]
  }

  let folder: OwnedFolder
  private var names: FileStems

  init(folder: OwnedFolder) {
    self.folder = folder
    names = FileStems(isTaken: folder.isTaken)
  }

  /// - Returns: the name of the JSON file.
  mutating func write(
    _ highlights: [TextHighlight], of text: String, named name: String, truth: [Range<Int>]?
  ) throws -> String {
    let stem = names.next(for: name)
    try folder.write(
      JSONText.encoded(Document(name: name, text: text, highlights: highlights)),
      to: "\(stem).json")
    try page(highlights, text, name, truth).write(to: folder.place(for: "\(stem).html"))
    return "\(stem).json"
  }

  private func page(
    _ highlights: [TextHighlight], _ text: String, _ name: String, _ truth: [Range<Int>]?
  ) -> HTMLPage {
    let marked = truth.map { truth in
      (
        title: "What people marked", note: truth.isEmpty ? "Nothing." : "",
        parts: MarkedText.parts(text, truth.joined).map {
          MarkedTextPage.Part($0.0, isMarked: $0.1)
        }
      )
    }
    return MarkedTextPage(
      kind: "Highlight", title: name,
      note: highlights.first.map {
        ([
          "\($0.prediction.label), \(NumberText.percent($0.prediction.probability)). The stronger a word "
            + "is marked, the more the method gives it; whether the network uses it, the verdict says.",
          HighlightVerdict.meaning,
        ]
          + $0.reading.notes).joined(separator: " ")
      } ?? "",
      sections: [marked].compactMap { $0 }
        + highlights.map { highlight in
          (
            highlight.method.rawValue,
            "For \(highlight.explained.label): \(highlight.verdict)"
              + highlight.verdict.reasons.map { "; \($0)" }.joined() + ". "
              + TextHighlightText.scores(highlight).joined(separator: "; ") + ".",
            MarkedText.shaded(text, highlight.words).map {
              MarkedTextPage.Part($0.0, strength: Double($0.strength))
            }
          )
        }
    ).page
  }
}

extension [Range<Int>] {
  /// In order, those that meet made one.
  fileprivate var joined: [Range<Int>] {
    sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { joined, next in
      guard let last = joined.last, next.lowerBound <= last.upperBound else {
        joined.append(next)
        return
      }
      joined[joined.count - 1] = last.lowerBound..<Swift.max(last.upperBound, next.upperBound)
    }
  }
}
