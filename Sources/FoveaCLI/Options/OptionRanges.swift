import Fovea
import FoveaArray
import FoveaNN

/// What the numbers of options may be, for all verbs in one table.
///
/// Looked at before a command is parsed, so that nothing is read or made with a number that cannot be,
/// and no verb checks its own: what a number is for, the verb knows, what it can be, this table.
enum OptionRanges {
  /// The numbers that an option takes.
  enum Range {
    case whole(ClosedRange<Int>)
    case real(ClosedRange<Double>)
  }

  private static let positive = Double.leastNonzeroMagnitude
  private static let largest = Double(Float.greatestFiniteMagnitude)
  private static let belowOne = 1.0.nextDown
  private static let examples = Range.whole(1...1_000_000)
  private static let epochs = Range.whole(1...TrainingSettings.epochLimit)
  private static let batch = Range.whole(1...TrainingSettings.batchLimit)
  private static let width = Range.whole(1...NetworkLimits.width)

  /// By the option's name.
  static let all: [String: Range] = [
    // How much is trained.
    "--epochs": epochs, "--batch-size": batch, "--batch": batch,
    "--learning-rate": .real(positive...largest), "--weight-decay": .real(0...largest),
    "--gradient-clip": .real(0...largest), "--label-smoothing": .real(0...belowOne),
    "--validation-split": .real(0...belowOne),
    "--patience": .whole(0...TrainingSettings.epochLimit),
    "--seeds": .whole(StudyRun.seedCounts),
    "--threads": .whole(1...ThreadCount.most),
    // The network.
    "--attention-after": .whole(1...2), "--kernel-sizes": .whole(1...NetworkLimits.kernelSize),
    "--widths": width, "--hidden": width, "--token-width": width, "--heads": width,
    "--depth": .whole(8...NetworkLimits.depth), "--patch-size": .whole(1...2_048),
    "--layer-count": .whole(1...NetworkLimits.layers),
    "--classes": .whole(2...NetworkLimits.classes),
    // Recordings.
    "--sample-rate": .whole(SoundLimits.sampleRates),
    "--stream-rate": .whole(SoundLimits.sampleRates),
    "--stream-channels": .whole(SoundLimits.channels),
    "--clip-seconds": .real(positive...SoundStore.Options.longestClip),
    "--every": .real(positive...SoundStore.Options.longestClip),
    "--bands": .whole(4...256), "--coefficients": .whole(4...256),
    "--window-ms": .real(1...1_000), "--hop-ms": .real(1...1_000),
    "--frames-together": .whole(1...32), "--lowest-hertz": .real(0...384_000),
    "--highest-hertz": .real(positive...384_000), "--beam": .whole(1...1_000),
    // Texts.
    "--vocabulary-size": .whole(300...TextStore.Options.vocabularySizes.upperBound),
    "--most-tokens": .whole(1...TextInput.largestTokenCount),
    "--tokens": .whole(TextGenerator.Options.tokenCounts),
    "--temperature": .real(0...largest), "--top-k": .whole(1...NetworkLimits.vocabulary),
    "--top-p": .real(positive...1), "--filter-threshold": .real(0...1),
    "--sentences": examples, "--words": examples,
    // What is made and measured.
    "--count": examples, "--test-count": .whole(0...1_000_000), "--contrast": .real(positive...1),
    "--highlights": .whole(0...1_000), "--iterations": examples, "--fps": .real(0.01...240),
    "--smoothing": .real(0...60),
  ]

  /// Where a verb means something else by the same name.
  static let special: [String: [String: Range]] = [
    "demo": ["--test-count": examples],
    "data scenes": ["--noise": .real(0...10)],
    "data digit-strings": ["--noise": .real(-20...100)],
  ]

  /// Fails for a number that its option cannot take; what is no number the parser refuses.
  ///
  /// - Parameter arguments: the words of the command behind its name.
  /// - Throws: `UsageError` that names the option.
  static func check(_ arguments: [String]) throws {
    let verb = arguments.prefix(arguments.first == "data" ? 2 : 1).joined(separator: " ")
    var index = 0
    while index < arguments.count, arguments[index] != "--" {
      let parts = arguments[index].split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false
      ).map(String.init)
      index += 1
      try checkPath(parts, arguments, at: index)
      guard let range = special[verb]?[parts[0]] ?? all[parts[0]] else { continue }
      guard parts.count > 1 || index < arguments.count else { break }
      for text in (parts.count > 1 ? parts[1] : arguments[index]).split(separator: ",")
      where !range.admits(String(text)) {
        throw UsageError(
          error: InputError("\(parts[0]) cannot be \(text)", advice: "Give \(range.description)"))
      }
      if parts.count == 1 { index += 1 }
    }
  }
}

extension OptionRanges {
  private static let paths: Set<String> = [
    "--output", "-o", "--from", "--test", "--images", "--files", "--results", "--truth", "--model",
  ]

  /// An empty path is the folder that one stands in, and comes of a variable that is not set.
  private static func checkPath(_ parts: [String], _ arguments: [String], at index: Int) throws {
    let value = parts.count > 1 ? parts[1] : index < arguments.count ? arguments[index] : nil
    guard paths.contains(parts[0]), value == "" else { return }
    throw UsageError(
      error: InputError(
        "\(parts[0]) is empty", advice: "Give a path; . is the folder that you are in"))
  }
}

extension OptionRanges.Range: CustomStringConvertible {
  /// Whether a text is a number of the range, or no number at all.
  func admits(_ text: String) -> Bool {
    switch self {
    case .whole(let range):
      if let number = Int(text) { return range.contains(number) }
      // So many digits that no `Int` holds them.
      return !text.drop(while: { "+-".contains($0) }).allSatisfy(\.isWholeNumber) || text.isEmpty
    case .real(let range): return Double(text).map(range.contains) ?? true
    }
  }

  /// `a whole number from 1 to 1,000`, `a number above 0`.
  var description: String {
    switch self {
    case .whole(let range):
      return "a whole number from \(NumberText.count(range.lowerBound)) to "
        + NumberText.count(range.upperBound)
    case .real(let range):
      let lower =
        range.lowerBound == .leastNonzeroMagnitude
        ? "above 0" : "from \(Self.text(range.lowerBound))"
      switch range.upperBound {
      case Double(Float.greatestFiniteMagnitude)...: return "a number \(lower)"
      case 1.0.nextDown: return "a number \(lower) to below 1"
      case let upper: return "a number \(lower) to \(Self.text(upper))"
      }
    }
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() ? NumberText.fixed(value, decimals: 0) : "\(value)"
  }
}
