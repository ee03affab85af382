import Fovea
import FoveaArray
import FoveaInference
import FoveaRuns

/// What is said of summaries against those by people.
enum SummaryTable {
  /// All methods, a row each.
  static func lines(_ evaluation: SummaryEvaluation) -> [String] {
    var table = TextTable([
      .text("method"), .number("ROUGE-1"), .number("ROUGE-2"), .number("ROUGE-L"),
      .text("ROUGE-L less lead's", limit: 60), .text("", limit: 40),
    ])
    for result in evaluation.methods {
      table.append([
        result.method, percent(result.rouge1), percent(result.rouge2), percent(result.rougeL),
        result.differenceToLead.map(interval) ?? "", result.verdict,
      ])
    }
    return table.lines()
      + evaluation.attention.map {
        "trained less \($0.control): ROUGE-L \(interval($0.difference)): \($0.verdict)"
      } + [
        "\(NumberText.count(evaluation.texts, "text")); F1 in percent with stems, the best of each text's references;",
        "95 % intervals of Student's t over texts; none where fewer than six differ. They do not cover",
        "what another training set would change",
      ]
  }

  private static func percent(_ value: Double) -> String {
    NumberText.fixed(100 * value, decimals: 2)
  }

  private static func interval(_ difference: PairedMean) -> String {
    NumberText.points(difference.mean)
      + (difference.interval.map { " (\(NumberText.pointRange($0.lower, $0.upper)))" } ?? "")
  }

  // MARK: Training

  /// What is said before training begins.
  static func announcement(_ description: ScorerFolder.Description) -> String {
    var text =
      "Learning from \(NumberText.count(description.trainingCount, "text")), "
      + "\(NumberText.count(description.validationCount)) set aside"
    if description.leftOutCount > 0 {
      text += "; \(NumberText.count(description.leftOutCount)) of one sentence left out"
    }
    return text + "."
  }

  /// An epoch of one of the variants.
  static func line(_ variant: ScorerVariant, _ record: EpochRecord, isBest: Bool) -> String {
    var text =
      "\(variant.rawValue) epoch \(record.epoch): loss "
      + NumberText.fixed(record.trainingLoss, decimals: 3)
    if let loss = record.validationLoss, let gain = record.validationAccuracy {
      text +=
        "; set aside loss \(NumberText.fixed(loss, decimals: 3)), ROUGE \(percent(gain))"
        + (isBest ? ", the best so far" : "")
    }
    return text
  }

  /// What training came to.
  static func lines(_ description: ScorerFolder.Description) -> [String] {
    ScorerVariant.allCases.compactMap { variant in
      description.divergences?[variant.rawValue].map { "\(variant.rawValue): \($0.note)" }
    }
      + ScorerVariant.allCases.compactMap { variant in
        guard let kept = description.keptEpochs[variant.rawValue],
          let gain = kept.validationAccuracy
        else { return nil }
        return
          "\(variant.rawValue): ROUGE \(percent(gain)) of one sentence on the texts set aside, "
          + "epoch \(kept.epoch)"
      }
  }
}
