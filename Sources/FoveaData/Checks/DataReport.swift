/// What was found when a dataset was looked at before training: plain values, in files' names.
public struct DataReport: Hashable, Sendable, Codable {
  /// How many pictures a class has.
  public struct ClassCount: Hashable, Sendable, Codable {
    /// The class.
    public let name: String
    /// Its readable pictures.
    public let count: Int
  }

  /// How many files have a format.
  public struct FormatCount: Hashable, Sendable, Codable {
    /// `JPEG`, or `in memory` for pictures that are in no file of their own.
    public let name: String
    /// Pictures of this format.
    public let count: Int

    package init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// The sizes of a part's pictures.
  public struct Sizes: Hashable, Sendable, Codable {
    /// Widths from the smallest to the largest.
    public let widths: ClosedRange<Int>
    /// Heights from the smallest to the largest.
    public let heights: ClosedRange<Int>
    /// The median width.
    public let medianWidth: Int
    /// The median height.
    public let medianHeight: Int
    /// How many different sizes there are.
    public let distinctCount: Int
    /// Pictures with a side below 8 pixels.
    public let tinyCount: Int
  }

  /// One part of the data: what is trained on, or what is tested on.
  public struct Part: Hashable, Sendable, Codable {
    /// The path as given.
    public let name: String
    /// Readable pictures.
    public let pictureCount: Int
    /// Those of them that the source sets aside for validation.
    public let validationCount: Int
    /// The classes in order.
    public let classes: [ClassCount]
    /// The sizes; `nil` when no picture can be read.
    public let sizes: Sizes?
    /// The formats, the most frequent first.
    public let formats: [FormatCount]
    /// The pictures that cannot be read.
    public let broken: BrokenExamples

    /// The largest class divided by the smallest that has any picture.
    public var imbalance: Double {
      let counts = classes.map(\.count).filter { $0 > 0 }
      return Double(counts.max() ?? 1) / Double(counts.min() ?? 1)
    }
  }

  /// What there is to train on.
  public let training: Part
  /// What there is to test on.
  public let test: Part?
  /// Pictures with the same pixels.
  public let exactCopies: CopyReport
  /// Pictures that look the same but are not: saved again, scaled, brightened, mirrored left to right, or
  /// shifted.
  public let nearCopies: CopyReport
  /// How near copies were looked for.
  public let nearCopySearch: NearCopySearch
  /// Validation pictures, as far as the source names them, that have an exact copy among those trained on.
  public let validationWithCopyInTraining: Int
  /// A class that its pictures' sizes or formats tell; `nil` where they tell none.
  public let shortcut: ClassShortcut?
  /// Groups with pictures both in training and in test.
  public let groupsOnBothSides: [String]
  /// Whether test pictures look different; `nil` without a test part or with too few pictures.
  public let shift: ShiftCheck?
  /// What the reader of the source ignored or minds.
  public let notes: [String]
  /// What to mind before training, as sentences, the most serious first; often none.
  public let warnings: [String]

  init(
    training: Part, test: Part?, exactCopies: CopyReport, nearCopies: CopyReport,
    nearCopySearch: NearCopySearch, validationWithCopyInTraining: Int, shortcut: ClassShortcut?,
    groupsOnBothSides: [String], shift: ShiftCheck?, notes: [String], setAside: Int?
  ) {
    self.training = training
    self.test = test
    self.exactCopies = exactCopies
    self.nearCopies = nearCopies
    self.nearCopySearch = nearCopySearch
    self.validationWithCopyInTraining = validationWithCopyInTraining
    self.shortcut = shortcut
    self.groupsOnBothSides = groupsOnBothSides
    self.shift = shift
    self.notes = notes
    // What is as common as chance would have it is nothing to warn of.
    warnings = DataWarnings.of(
      [training] + (test.map { [$0] } ?? []), exactCopies,
      nearCopySearch.isDrawnAlike ? CopyReport([]) : nearCopies, groupsOnBothSides, shift,
      validationCopies: validationWithCopyInTraining, shortcut, setAside: setAside)
  }
}

/// Pictures that are copies of each other, in sets.
public struct CopyReport: Hashable, Sendable, Codable {
  /// Pictures of which each is a copy of another.
  public struct Group: Hashable, Sendable, Codable {
    /// One of them, with what tells it from its copies.
    package struct Member: Hashable, Sendable {
      let name: String
      let label: String
      let isTest: Bool

      package init(name: String, label: String, isTest: Bool) {
        self.name = name
        self.label = label
        self.isTest = isTest
      }
    }

    /// Their names: first one of each label, then of each part, so that the first two show what is said of
    /// the group.
    public let names: [String]
    /// How many there are.
    public let count: Int
    /// Their labels, each once.
    public let labels: [String]
    /// How many of them are test pictures.
    public let testCount: Int

    package init(names: [String], count: Int, labels: [String], testCount: Int) {
      self.names = names
      self.count = count
      self.labels = labels
      self.testCount = testCount
    }

    /// A group of these examples, with their labels in the order of `labels`.
    package init(_ members: [Member], labels: [String]) {
      let found = Set(members.map(\.label))
      self.init(
        names: Self.telling(members).map(\.name), count: members.count,
        labels: labels.filter(found.contains), testCount: members.count { $0.isTest })
    }

    /// The members with those first that have another label than all before them, then one of a part that is
    /// not among these.
    private static func telling(_ members: [Member]) -> [Member] {
      var first: [Int] = []
      var (labels, parts) = (Set<String>(), Set<Bool>())
      for (index, member) in members.enumerated() where labels.insert(member.label).inserted {
        first.append(index)
        parts.insert(member.isTest)
      }
      for (index, member) in members.enumerated() where parts.insert(member.isTest).inserted {
        first.append(index)
      }
      let taken = Set(first)
      return (first + members.indices.filter { !taken.contains($0) }).map { members[$0] }
    }

    /// Whether there are copies both in training and in test.
    public var isAcross: Bool { testCount > 0 && testCount < count }
  }

  /// How many groups there are.
  public let groupCount: Int
  /// How many training pictures could go without losing one: copies beyond the first.
  public let needlessInTraining: Int
  /// How many test pictures could go without losing one.
  public let needlessInTest: Int
  /// How many test pictures have a copy in training.
  public let testWithCopyInTraining: Int
  /// How many groups have pictures with different labels.
  public let contradictoryCount: Int
  /// The groups; those with different labels and those in both parts come first.
  public let named: [Group]

  init(_ groups: [Group]) {
    groupCount = groups.count
    needlessInTraining = groups.reduce(0) { $0 + max(0, $1.count - $1.testCount - 1) }
    needlessInTest = groups.reduce(0) { $0 + max(0, $1.testCount - 1) }
    testWithCopyInTraining = groups.reduce(0) { $0 + ($1.isAcross ? $1.testCount : 0) }
    contradictoryCount = groups.count { $0.labels.count > 1 }
    func rank(_ group: Group) -> Int { group.labels.count > 1 ? 0 : group.isAcross ? 1 : 2 }
    named = groups.enumerated().sorted {
      (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
    }.map(\.element)
  }
}

/// How near copies were looked for, and what that cannot find.
public struct NearCopySearch: Hashable, Sendable, Codable {
  /// Pictures among which mirrored, shifted and cropped copies were looked for: all, or of many some that are
  /// drawn at random; none where the pictures are drawn alike.
  public let comparedCount: Int
  /// All pictures.
  public let pictureCount: Int
  /// By how many pixels a copy may be shifted, or cropped at an edge, to be found.
  public let largestShift: Int
  /// Pairs of which one is the other mirrored left to right.
  public let mirroredCount: Int
  /// Pairs of which one is the other shifted, or cropped at its edges.
  public let shiftedCount: Int
  /// Whether different pictures of the set look nearly the same, as handwritten digits do, so that looking
  /// nearly the same says nothing of being a copy.
  public let isDrawnAlike: Bool
}
