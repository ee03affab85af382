import FoveaArray

/// The examples of a dataset that could not be read: how many, and why the first of them.
public struct BrokenExamples: Hashable, Sendable, Codable {
  /// One of them.
  public struct Item: Hashable, Sendable, Codable {
    /// Its name in the dataset.
    public let name: String
    /// The row of the table that names it.
    public let row: Int?
    /// What is wrong with it.
    public let reason: String
  }

  /// How many are named; the others are counted.
  public static let nameLimit = 20
  /// The share of broken examples above which something is wrong with the whole.
  public static let tolerableShare = 0.1

  /// How many there are.
  public let count: Int
  /// Of how many examples.
  public let total: Int
  /// The first of them, in the dataset's order.
  public let named: [Item]
  /// What they are; pictures where nothing is said.
  private var medium: Medium?

  private var noun: String { (medium ?? .picture).noun }

  /// The examples among `total` whose reading ended in these errors.
  init(
    _ errors: [(example: LabelledExample, error: InputError)], total: Int,
    of medium: Medium = .picture
  ) {
    self.medium = medium == .picture ? nil : medium
    count = errors.count
    self.total = total
    named = errors.prefix(Self.nameLimit).map { example, error in
      Item(
        name: example.name, row: example.row,
        reason: error.problem + (error.advice.map { ". \($0)" } ?? ""))
    }
  }

  /// What people are told: a line on how many, a line for each that is named, and a line on the
  /// rest; nothing when none is broken.
  public var lines: [String] {
    guard count > 0 else { return [] }
    let head =
      "\(NumberText.count(count)) of \(NumberText.count(total, noun)) \(count == 1 ? "is" : "are") broken "
      + "and skipped:"
    let rest = count > named.count ? ["  … and \(NumberText.count(count - named.count)) more"] : []
    return [head]
      + named.map { item in
        "  \(item.name)\(item.row.map { " (row \($0))" } ?? ""): \(item.reason)"
      } + rest
  }

  /// Stops where too many are broken to go on.
  ///
  /// - Throws: `InputError` when all are, or more than a tenth without leave.
  func check(_ dataset: LabelledDataset, allowBroken: Bool) throws {
    guard count > 0 else { return }
    let examples =
      named.prefix(3).map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
      + (count > 3 ? "; …" : "")
    guard count < total else {
      throw InputError(
        (total == 1
          ? "the only \(noun) cannot be read"
          : "none of \(NumberText.count(total, noun)) can be read")
          + " (\(examples))", at: dataset.name)
    }
    guard allowBroken || Double(count) <= Self.tolerableShare * Double(total) else {
      throw InputError(
        "\(NumberText.count(count)) of \(NumberText.count(total, noun)) \(count == 1 ? "is" : "are") broken, "
          + "more than a tenth (\(examples))",
        at: dataset.name, advice: "Repair or remove them, or go on with \(.allowBroken)")
    }
  }
}
