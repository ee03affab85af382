import FoveaArray
import FoveaData
package import FoveaMetrics

/// How good a network is, in the numbers of its task.
package enum EvaluationReport: Hashable, Sendable {
  /// How often it has the class right.
  case classification(ClassificationReport)
  /// How often it has the words wrong.
  case transcription(WordErrorReport)

  /// The report on an evaluation.
  ///
  /// - Parameter groups: what each example belongs to with others, if it does.
  /// - Throws: `InputError` where no example, or no word, was looked at.
  init(
    _ evaluation: Evaluation, task: LearningTask, classes: [String], groups: [String?]
  ) throws {
    switch task {
    case .classify:
      self = .classification(
        try ClassificationReport(
          classNames: classes, labels: evaluation.labels,
          probabilities: evaluation.probabilities, groups: groups))
    case .transcribe:
      guard evaluation.said.contains(where: { !$0.isEmpty }) else {
        throw InputError("there are no words to measure on")
      }
      self = .transcription(
        WordErrorReport(
          vocabulary: classes, said: evaluation.said, heard: evaluation.heard, groups: groups))
    }
  }

  /// The report on classes.
  ///
  /// - Throws: `InputError` where words were to be heard.
  package var classification: ClassificationReport {
    get throws {
      guard case .classification(let report) = self else {
        throw InputError("the network hears words and tells no classes apart")
      }
      return report
    }
  }

  /// The report on words.
  ///
  /// - Throws: `InputError` where classes were to be told apart.
  package var transcription: WordErrorReport {
    get throws {
      guard case .transcription(let report) = self else {
        throw InputError("the network tells classes apart and hears no words")
      }
      return report
    }
  }
}

extension EvaluationReport: Codable {
  /// Reads what `encode(to:)` writes: the keys tell which report it is.
  package init(from decoder: any Decoder) throws {
    if let words = try? WordErrorReport(from: decoder) {
      self = .transcription(words)
    } else {
      self = .classification(try ClassificationReport(from: decoder))
    }
  }

  /// Writes the report itself.
  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .classification(let report): try report.encode(to: encoder)
    case .transcription(let report): try report.encode(to: encoder)
    }
  }
}
