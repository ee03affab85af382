import FoveaArray

/// The three networks that a comparison trains with each seed.
public enum Arm: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
  /// The network with attention.
  case augmented
  /// Its plain twin: the same network with nothing in the attention's place.
  case plain
  /// The control: a layer of as many parameters in the attention's place, without attention.
  case matched
}

/// Who had which test item right: every seed, every item, both or all three networks.
public struct PairedResults: Hashable, Sendable {
  /// One item met by the networks of one seed.
  public struct Record: Hashable, Sendable {
    /// The seed's name.
    public let seed: String
    /// The item's name.
    public let item: String
    /// Whether the plain twin has it right.
    public let plain: Bool
    /// Whether the network with attention has it right.
    public let augmented: Bool
    /// Whether the control has it right; `nil` where there is no control.
    public let matched: Bool?
    /// The row of a table that says so, counted from 1.
    public let row: Int?

    /// A record of one seed and one item.
    public init(
      seed: String, item: String, plain: Bool, augmented: Bool, matched: Bool? = nil,
      row: Int? = nil
    ) {
      self.seed = seed
      self.item = item
      self.plain = plain
      self.augmented = augmented
      self.matched = matched
      self.row = row
    }
  }

  /// The seeds in order of first appearance.
  public let seeds: [String]
  /// The items in order of first appearance.
  public let items: [String]
  private let plain: [Bool]
  private let augmented: [Bool]
  private let matched: [Bool]?

  /// The results in these records, in any order.
  ///
  /// - Parameters:
  ///   - records: one for every seed and item.
  ///   - place: the file they come from, for error messages.
  /// - Throws: `InputError` without records, where an item stands twice under one seed, has no
  ///   record under another, or the control answers only part of the items.
  public init(records: [Record], place: String? = nil) throws {
    guard let first = records.first else {
      throw InputError("there are no results", at: place)
    }
    var seeds = Names()
    var items = Names()
    let cells = records.map { (seed: seeds.index(of: $0.seed), item: items.index(of: $0.item)) }
    let itemCount = items.names.count
    var recordAt: [Int: Int] = [:]
    recordAt.reserveCapacity(records.count)
    for (index, cell) in cells.enumerated() {
      let record = records[index]
      guard (record.matched == nil) == (first.matched == nil) else {
        throw InputError(
          "`matched` has a result for some items and none for item \"\(record.item)\""
            + " with seed \"\(record.seed)\" or the other way round", at: place, row: record.row,
          advice: "Give the control's result for every item, or leave the column out")
      }
      if let earlier = recordAt.updateValue(index, forKey: cell.seed * itemCount + cell.item) {
        let first = records[earlier].row.map { ", first in row \($0)" } ?? ""
        throw InputError(
          "item \"\(record.item)\" stands twice under seed \"\(record.seed)\"\(first)", at: place,
          row: record.row)
      }
    }
    // No cell stands twice, so a hole is found within as many steps as there are records.
    let missing = seeds.names.count * itemCount - records.count
    for seed in seeds.names.indices where missing > 0 {
      for item in items.names.indices where recordAt[seed * itemCount + item] == nil {
        throw InputError(
          "item \"\(items.names[item])\" has no result for seed \"\(seeds.names[seed])\""
            + (missing > 1 ? " (\(missing) results are missing in all)" : ""), at: place,
          advice: "Every seed must be scored on the same items")
      }
    }
    var plain = [Bool](repeating: false, count: records.count)
    var augmented = plain
    var matched = plain
    for (index, cell) in cells.enumerated() {
      let position = cell.seed * itemCount + cell.item
      plain[position] = records[index].plain
      augmented[position] = records[index].augmented
      matched[position] = records[index].matched ?? false
    }
    self.seeds = seeds.names
    self.items = items.names
    self.plain = plain
    self.augmented = augmented
    self.matched = first.matched == nil ? nil : matched
  }

  /// Results held in memory: `plain[seed][item]` and so on.
  ///
  /// - Throws: `InputError` without seeds or items. Arrays of other sizes than the names are a
  ///   programmer's mistake and trap.
  public init(
    seeds: [String], items: [String], plain: [[Bool]], augmented: [[Bool]], matched: [[Bool]]? = nil
  ) throws {
    guard !seeds.isEmpty && !items.isEmpty else { throw InputError("there are no results") }
    for table in [plain, augmented, matched ?? plain] {
      precondition(
        table.count == seeds.count && table.allSatisfy { $0.count == items.count },
        "results: a table is not \(seeds.count) seeds × \(items.count) items")
    }
    self.seeds = seeds
    self.items = items
    self.plain = plain.flatMap { $0 }
    self.augmented = augmented.flatMap { $0 }
    self.matched = matched?.flatMap { $0 }
  }

  /// Whether there is a control of equal size.
  public var hasMatched: Bool { matched != nil }

  /// The outcomes of `arm`, row after row of one seed each; `nil` where there is no such network.
  public func outcomes(of arm: Arm) -> [Bool]? {
    switch arm {
    case .augmented: augmented
    case .plain: plain
    case .matched: matched
    }
  }
}

/// Names in order of first appearance.
private struct Names {
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]

  mutating func index(of name: String) -> Int {
    if let index = indices[name] { return index }
    indices[name] = names.count
    names.append(name)
    return names.count - 1
  }
}
