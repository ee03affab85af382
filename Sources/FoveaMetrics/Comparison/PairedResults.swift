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

/// Who had which test item right: every seed, every item, both or all three networks; or, of items in
/// which words are said, how many words were wrong.
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
    /// What the item belongs to with others, such as a patient or a speaker; `nil` where to nothing.
    public let group: String?
    /// The row of a table that says so, counted from 1.
    public let row: Int?
    /// The words said in it, and how many each network has wrong; of an item that is right or wrong,
    /// `nil`, and 0 or 1.
    let words: Int?
    let errors: [Arm: Int]

    /// A record of one seed and one item.
    public init(
      seed: String, item: String, plain: Bool, augmented: Bool, matched: Bool? = nil,
      row: Int? = nil, group: String? = nil
    ) {
      self.seed = seed
      self.item = item
      self.plain = plain
      self.augmented = augmented
      self.matched = matched
      self.row = row
      self.group = group
      words = nil
      errors = [.plain: plain, .augmented: augmented, .matched: matched].compactMapValues {
        $0.map(PairedResults.errors)
      }
    }

    /// A record of an item in which words are said.
    init(
      seed: String, item: String, words: Int, errors: [Arm: Int], row: Int?, group: String?
    ) {
      self.seed = seed
      self.item = item
      plain = errors[.plain] == 0
      augmented = errors[.augmented] == 0
      matched = errors[.matched].map { $0 == 0 }
      self.row = row
      self.group = group
      self.words = words
      self.errors = errors
    }
  }

  /// The seeds in order of first appearance.
  public let seeds: [String]
  /// The items in order of first appearance.
  public let items: [String]
  /// The words said in each item; `nil` where items are right or wrong.
  public let words: [Int]?
  /// What each item belongs to, `nil` an item that belongs to nothing; `nil` where none does. The items of
  /// a group are added up before they are compared.
  public let groups: [String?]?
  /// The networks that diverged.
  public package(set) var diverged: [DivergedNetwork] = []
  private let plain: [Int]
  private let augmented: [Int]
  private let matched: [Int]?
  private let units: ItemGroups

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
    var errors: [Arm: [Int]] = [:]
    for arm in Arm.allCases { errors[arm] = [Int](repeating: 0, count: records.count) }
    var words = [Int?](repeating: nil, count: itemCount)
    var groups = [String??](repeating: nil, count: itemCount)
    for (index, cell) in cells.enumerated() {
      let (position, record) = (cell.seed * itemCount + cell.item, records[index])
      for arm in Arm.allCases { errors[arm]?[position] = record.errors[arm] ?? 0 }
      guard words[cell.item] == nil || words[cell.item] == record.words else {
        throw InputError(
          "item \"\(record.item)\" has another number of words under seed \"\(record.seed)\"",
          at: place, row: record.row)
      }
      words[cell.item] = record.words
      if let known = groups[cell.item], known != record.group {
        throw InputError(
          "item \"\(record.item)\" belongs to another group under seed \"\(record.seed)\"",
          at: place, row: record.row)
      }
      groups[cell.item] = .some(record.group)
    }
    self.seeds = seeds.names
    self.items = items.names
    self.words = first.words == nil ? nil : words.map { $0 ?? 0 }
    plain = errors[.plain] ?? []
    augmented = errors[.augmented] ?? []
    matched = first.matched == nil ? nil : errors[.matched]
    (self.groups, units) = Self.grouped(groups.map { $0 ?? nil })
    guard worth > 0 else { throw InputError("there are no words", at: place) }
  }

  /// How many words, or errors among them, an item may have: so many that no sum over items overflows.
  static let counts = 0...1_000_000_000

  /// The errors of an item that is right or wrong.
  fileprivate static func errors(_ isRight: Bool) -> Int { isRight ? 0 : 1 }

  /// Results held in memory: `plain[seed][item]` and so on.
  ///
  /// - Throws: `InputError` without seeds or items. Arrays of other sizes than the names are a
  ///   programmer's mistake and trap.
  public init(
    seeds: [String], items: [String], plain: [[Bool]], augmented: [[Bool]],
    matched: [[Bool]]? = nil, groups: [String?]? = nil
  ) throws {
    func errors(_ table: [[Bool]]) -> [[Int]] { table.map { $0.map(Self.errors) } }
    try self.init(
      seeds: seeds, items: items, words: nil, errors(plain), errors(augmented),
      matched.map(errors), groups)
  }

  /// Errors among words, held in memory: `words[item]` that were said, `plain[seed][item]` errors and
  /// so on.
  ///
  /// - Throws: `InputError` without seeds, items or words. Arrays of other sizes than the names are a
  ///   programmer's mistake and trap.
  public init(
    seeds: [String], items: [String], words: [Int], plain: [[Int]], augmented: [[Int]],
    matched: [[Int]]? = nil, groups: [String?]? = nil
  ) throws {
    guard words.contains(where: { $0 > 0 }) else { throw InputError("there are no words") }
    require(words.count == items.count, "results: \(words.count) counts of words")
    try self.init(seeds: seeds, items: items, words: words, plain, augmented, matched, groups)
  }

  private init(
    seeds: [String], items: [String], words: [Int]?, _ plain: [[Int]], _ augmented: [[Int]],
    _ matched: [[Int]]?, _ groups: [String?]?
  ) throws {
    guard !seeds.isEmpty && !items.isEmpty else { throw InputError("there are no results") }
    for table in [plain, augmented, matched ?? plain] {
      require(
        table.count == seeds.count && table.allSatisfy { $0.count == items.count },
        "results: a table is not \(seeds.count) seeds × \(items.count) items")
    }
    for count in (words ?? []) + [plain, augmented, matched ?? []].joined().joined() {
      try NumberCheck.require("a number of words", count, in: Self.counts)
    }
    self.seeds = seeds
    self.items = items
    self.words = words
    self.plain = plain.flatMap { $0 }
    self.augmented = augmented.flatMap { $0 }
    self.matched = matched?.flatMap { $0 }
    require(
      (groups ?? items).count == items.count,
      "results: \(items.count) items have not as many groups")
    (self.groups, units) = Self.grouped(groups ?? items.map { _ in nil })
  }

  private static func grouped(_ names: [String?]) -> ([String?]?, ItemGroups) {
    let units = ItemGroups(names)
    return (names.contains { $0 != nil } ? names : nil, units)
  }

  /// Whether there is a control of equal size.
  public var hasMatched: Bool { matched != nil }

  /// What is measured.
  public var measure: ComparisonMeasure { words == nil ? .accuracy : .wordAccuracy }

  /// How much can be right in all items together: the items, or the words said in them.
  public var worth: Int { words?.reduce(0, +) ?? items.count }

  /// How many groups there are, an item without one by itself; `nil` where no item has a group.
  public var groupCount: Int? { groups == nil ? nil : units.count }

  /// How much can be right in each group, or in each item where there are none.
  var unitWorths: [Int] { units.sums(words ?? items.map { _ in 1 }) }

  /// The errors of `arm` in each group, or in each item where there are none, row after row of one seed
  /// each; `nil` where there is no such network.
  func unitErrors(of arm: Arm) -> [Int]? {
    errors(of: arm).map { errors in
      seeds.indices.flatMap { seed in
        units.sums(Array(errors[(seed * items.count)..<((seed + 1) * items.count)]))
      }
    }
  }

  /// Whether `arm` has each item right without an error, row after row of one seed each; `nil` where
  /// there is no such network.
  public func outcomes(of arm: Arm) -> [Bool]? { errors(of: arm)?.map { $0 == 0 } }

  /// The errors of `arm`, row after row of one seed each; `nil` where there is no such network.
  public func errors(of arm: Arm) -> [Int]? {
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
