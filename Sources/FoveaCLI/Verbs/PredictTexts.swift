import FoundationEssentials
import Fovea
import FoveaArray
import FoveaText
import Glibc

extension Predict {
  /// What a network says of texts: those of the command line, of files, and of standard input, line by
  /// line as they come.
  func predictTexts(_ classifier: TextClassifier, _ console: Console) async throws {
    var printer = PredictionPrinter(
      json ? .json : format, classes: classifier.classes, medium: .text, task: .classify)
    var cut = CutTexts(most: classifier.input.mostTokens)
    for (number, text) in text.enumerated() {
      try await predict(text, named: "--text \(number + 1)", classifier, &printer, &cut)
    }
    if paths.contains("-") {
      guard paths == ["-"] else {
        throw UsageError(
          error: InputError("- reads standard input", advice: "Leave the other paths out"))
      }
      var number = 0
      while let bytes = Self.nextLine() {
        number += 1
        let name = "line \(number)"
        do {
          let line = try TextFile.decode(bytes, name: name)
          if line.allSatisfy(\.isWhitespace) { continue }
          try await predict(line, named: name, classifier, &printer, &cut)
        } catch let error as InputError {
          try printer.print(InputError(error.problem, at: name, advice: error.advice))
        }
      }
      if number == 0 { throw InputError("standard input is empty", advice: "Give a text a line") }
    } else if !paths.isEmpty {
      for path in paths where TextSources.isTable(path) {
        for (row, text) in try TextSources.rows(of: path, column: textColumn) {
          try await predict(text, named: "\(path) row \(row)", classifier, &printer, &cut)
        }
      }
      let others = paths.filter { !TextSources.isTable($0) }
      for file in try others.isEmpty ? [] : MediaFiles.files(at: others, of: .text, console) {
        do {
          let text = try TextFile.read(file.url)
          try await predict(text, named: file.name, classifier, &printer, &cut)
        } catch let error as InputError {
          try printer.print(
            InputError(error.problem, at: file.name, row: error.row, advice: error.advice))
        }
      }
    }
    if let note = cut.note { console.note(note) }
    try printer.finish()
  }

  /// The next line of standard input as it stands; `nil` at the end. `readLine` would put a sign for
  /// wrong bytes without a word.
  private static func nextLine() -> [UInt8]? {
    var bytes: [UInt8] = []
    while true {
      let character = getchar()
      if character == EOF { return bytes.isEmpty ? nil : bytes }
      if character == 10 {
        if bytes.last == 13 { bytes.removeLast() }
        return bytes
      }
      bytes.append(UInt8(truncatingIfNeeded: character))
    }
  }

  private func predict(
    _ text: String, named name: String, _ classifier: TextClassifier,
    _ printer: inout PredictionPrinter, _ cut: inout CutTexts
  ) async throws {
    try Task.checkCancellation()
    do {
      let prediction = try await classifier.prediction(from: text)
      let leftOut = cut.add(name, tokensLeftOut: prediction.tokensLeftOut)
      try printer.print(
        PredictionPrinter.Item(
          name: name, label: prediction.label, probability: prediction.probability,
          probabilities: prediction.probabilities,
          windows: prediction.windows.count > 1
            ? prediction.windows.map { PredictionPrinter.Window($0) } : nil,
          notes: leftOut.map { [$0] } ?? []))
    } catch let error as InputError {
      try printer.print(InputError(error.problem, at: name, advice: error.advice))
    }
  }
}

/// Texts of which the network looks at the beginning alone: of many they are told together.
private struct CutTexts {
  /// Tokens that the network takes at once.
  let most: Int
  private var count = 0
  private var cutCount = 0
  /// Of the first three: a stream may have no end.
  private var names: [String] = []
  private var last = ""

  init(most: Int) { self.most = most }

  /// Counts a text; what is to be said of it where its end is left out.
  mutating func add(_ name: String, tokensLeftOut: Int) -> String? {
    count += 1
    guard tokensLeftOut > 0 else { return nil }
    cutCount += 1
    if names.count < 3 { names.append(name) }
    last =
      "the last \(NumberText.count(tokensLeftOut, "token")) of the text "
      + "\(tokensLeftOut == 1 ? "is" : "are") not looked at; the network takes "
      + "\(NumberText.count(most)) at once"
    return last
  }

  /// What is said at the end; `nil` where no text was cut.
  var note: String? {
    guard let first = names.first else { return nil }
    guard count > 1 else { return "\(first): \(last)." }
    return
      "\(NumberText.count(cutCount)) of \(NumberText.count(count, "text")) "
      + "\(cutCount == 1 ? "has" : "have") more than the \(NumberText.count(most, "token")) that the "
      + "network takes at once, and what is behind them is not looked at "
      + "(\(names.joined(separator: ", "))\(cutCount > names.count ? ", …" : ""))."
  }
}
