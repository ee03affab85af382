import FoveaArray

/// How often each true class was given each label.
public struct Confusion: Hashable, Sendable, Codable {
  /// `counts[truth][predicted]`, square.
  public let counts: [[Int]]

  /// Counts of items whose class indices are `truth` and `predicted`.
  ///
  /// Arrays of different lengths and indices outside 0..<`classCount` are a programmer's mistake
  /// and trap.
  public init(
    truth: [Int], predicted: [Int], classCount: Int, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      truth.count == predicted.count,
      "confusion: \(truth.count) true labels, \(predicted.count) predictions", file: file,
      line: line)
    require(classCount >= 0, "confusion: \(classCount) classes", file: file, line: line)
    for label in truth + predicted where !(0..<classCount).contains(label) {
      fatalError("confusion: label \(label) of \(classCount) classes", file: file, line: line)
    }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (row, column) in zip(truth, predicted) { counts[row][column] += 1 }
    self.counts = counts
  }

  /// A matrix counted elsewhere.
  ///
  /// - Throws: `InputError` where it is not square or holds a negative count.
  public init(counts: [[Int]]) throws {
    for (index, row) in counts.enumerated() {
      guard row.count == counts.count else {
        throw InputError(
          "the confusion matrix has \(counts.count) rows, but row \(index + 1) has \(row.count) columns"
        )
      }
      guard row.allSatisfy({ $0 >= 0 }) else {
        throw InputError("row \(index + 1) of the confusion matrix holds a negative count")
      }
    }
    self.counts = counts
  }

  /// How many classes there are.
  public var classCount: Int { counts.count }

  /// How many items were counted.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// How many items were given their own class.
  public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// How many items are of class `index`; one that there is not traps, here and below.
  public func support(
    of index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    counts.requireElement(at: index, "class", file: file, line: line)
    return counts[index].reduce(0, +)
  }

  /// How many items were called class `index`.
  public func predictions(
    of index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    counts.requireElement(at: index, "class", file: file, line: line)
    return counts.reduce(0) { $0 + $1[index] }
  }

  /// The share of correct items; `nil` without items.
  public var accuracy: Double? { Self.share(correct, of: total) }

  /// Of the items called `index`, the share that is; `nil` where none was called so.
  public func precision(
    of index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Double? {
    counts.requireElement(at: index, "class", file: file, line: line)
    return Self.share(counts[index][index], of: predictions(of: index))
  }

  /// Of the items of class `index`, the share that was found; `nil` where there is none.
  public func recall(
    of index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Double? {
    counts.requireElement(at: index, "class", file: file, line: line)
    return Self.share(counts[index][index], of: support(of: index))
  }

  /// Of the items of other classes, the share that was not called `index`; `nil` where there are none.
  public func specificity(
    of index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Double? {
    counts.requireElement(at: index, "class", file: file, line: line)
    let others = total - support(of: index)
    return Self.share(others - predictions(of: index) + counts[index][index], of: others)
  }

  /// F₁ = 2 TP / (2 TP + FP + FN); `nil` where no item is of the class or called so.
  ///
  /// A class that exists and is never called so has no precision, but an F₁ of 0.
  public func f1(
    of index: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Double? {
    counts.requireElement(at: index, "class", file: file, line: line)
    return Self.share(2 * counts[index][index], of: support(of: index) + predictions(of: index))
  }

  /// Pairs of a true class and another that its items were called, the most frequent first, at most so many.
  package func mostFrequent(_ limit: Int) -> [(truth: Int, predicted: Int)] {
    let pairs = counts.indices.flatMap { row in
      counts.indices.compactMap { column in
        row != column && counts[row][column] > 0 ? (truth: row, predicted: column) : nil
      }
    }
    return Array(
      pairs.sorted { first, second in
        let counts = (
          counts[first.truth][first.predicted], counts[second.truth][second.predicted]
        )
        return counts.0 != counts.1 ? counts.0 > counts.1 : first < second
      }.prefix(limit))
  }

  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}

// MARK: - JSON

extension Confusion {
  /// The bare matrix, rows true, columns predicted.
  public init(from decoder: any Decoder) throws {
    try self.init(counts: [[Int]](from: decoder))
  }

  /// The bare matrix, rows true, columns predicted.
  public func encode(to encoder: any Encoder) throws { try counts.encode(to: encoder) }
}
