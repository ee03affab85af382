import FoveaArray
package import FoveaData
public import FoveaMetrics

/// How often a filter lets through what it is to stop, and stops what it is not to.
public struct FilterRates: Hashable, Sendable, Codable {
  /// A number of texts among others, with Wilson's 95 % interval of their share.
  public struct Share: Hashable, Sendable, Codable {
    /// How many.
    public let count: Int
    /// Among how many.
    public let total: Int
    /// What the share is on other texts of the kind.
    public let interval: ConfidenceInterval

    init(_ count: Int, of total: Int) {
      self.count = count
      self.total = total
      interval = .wilson(successes: count, trials: total)
    }

    /// count / total.
    public var share: Double { Double(count) / Double(total) }
  }

  /// The class that is stopped.
  public let label: String
  /// The probability from which.
  public let threshold: Double
  /// Of texts of that class, those in which nothing was stopped.
  public let missed: Share
  /// Of texts of other classes, those in which something was.
  public let falseAlarms: Share
}

extension OutputFilter {
  /// How often the filter is wrong on labelled texts: the test part of a source that has one, else all of it.
  /// Each text is looked at as one that was written: all of it.
  ///
  /// - Throws: `InputError` when the data cannot be read, have a class that is not known, or no text of the
  ///   class or none of others; `CancellationError`.
  public func rates(on source: TextClassifier.DataSource) async throws -> FilterRates {
    try await rates(on: source.evaluationData())
  }

  /// The same on a dataset.
  package func rates(
    on dataset: LabelledDataset, progress: (Int, Int) -> Void = { _, _ in }
  ) async throws -> FilterRates {
    let dataset = try dataset.relabelled(to: classifier.classes)
    var (missed, caught, alarms, quiet) = (0, 0, 0, 0)
    for (number, example) in dataset.examples.enumerated() {
      progress(number, dataset.examples.count)
      let text = try example.text()
      let isStopped: Bool
      do {
        isStopped = try await !checked(text).stopped.isEmpty
      } catch let error as InputError {
        throw InputError(error.problem, at: example.name, row: example.row, advice: error.advice)
      }
      switch (classifier.classes[example.label] == label, isStopped) {
      case (true, false): missed += 1
      case (true, true): caught += 1
      case (false, true): alarms += 1
      case (false, false): quiet += 1
      }
    }
    guard missed + caught > 0, alarms + quiet > 0 else {
      throw InputError(
        "a filter of \(label) is measured on texts of that class and on others, and one of them is missing",
        at: dataset.name)
    }
    return FilterRates(
      label: label, threshold: threshold, missed: .init(missed, of: missed + caught),
      falseAlarms: .init(alarms, of: alarms + quiet))
  }
}
