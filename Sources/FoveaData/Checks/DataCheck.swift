import FoundationEssentials
public import FoveaArray

/// Looks at data before anything is trained on it.
public enum DataCheck {
  /// Reads every picture once, on two threads, and reports what is there and what to mind.
  ///
  /// The report follows from the data and the key alone. Broken pictures are part of it; they
  /// are no error here.
  ///
  /// - Parameters:
  ///   - data: what is to be trained and tested on.
  ///   - limits: how large a picture may be.
  ///   - key: decides which pictures of a large set the search for a shift compares.
  ///   - progress: is told how many pictures have been read.
  /// - Returns: the report.
  /// - Throws: `InputError` when the data are recordings or texts, and `CancellationError` when the task
  ///   is cancelled.
  public static func run(
    _ data: LabelledData, limits: PictureLimits = PictureLimits(),
    key: RandomKey = RandomKey(seed: 1), progress: ReadingProgress? = nil
  ) throws -> DataReport {
    guard data.medium == .picture else {
      throw InputError(
        "holds \(data.medium.nouns), and only pictures are looked at before training",
        at: data.training.name, advice: "Train on them as they are")
    }
    let parts = [data.training] + (data.test.map { [$0] } ?? [])
    let total = parts.reduce(0) { $0 + $1.examples.count }
    var looks: [Look] = []
    for part in parts {
      let before = looks.reduce(0) { $0 + $1.report.broken.total }
      looks.append(
        try Look(part, limits: limits, progress: { done, _ in progress?(before + done, total) }))
    }
    let pictures = looks.enumerated().flatMap { part, look in
      look.usable.map { Item(part: part, example: $0.example, facts: $0.facts) }
    }
    let exact = exactCopies(pictures)
    let near = nearCopies(pictures, exact)
    return DataReport(
      training: looks[0].report, test: looks.count > 1 ? looks[1].report : nil,
      exactCopies: report(exact, pictures, data), nearCopies: report(near, pictures, data),
      groupsOnBothSides: groupsOnBothSides(pictures),
      shift: looks.count > 1 ? shift(pictures, exact + near, key) : nil, notes: data.notes)
  }

  /// A readable picture.
  private struct Item {
    /// 0 for training, 1 for test.
    let part: Int
    let example: LabelledExample
    let facts: PictureLook
  }

  // MARK: - Copies

  private static func exactCopies(_ pictures: [Item]) -> [[Int]] {
    Dictionary(grouping: pictures.indices, by: { pictures[$0].facts.hash })
      .values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// Sets of pictures that look alike; of exact copies only the first is looked at.
  private static func nearCopies(_ pictures: [Item], _ exact: [[Int]]) -> [[Int]] {
    var isFurtherCopy = [Bool](repeating: false, count: pictures.count)
    for group in exact { for index in group.dropFirst() { isFurtherCopy[index] = true } }
    let candidates = pictures.indices.filter { !isFurtherCopy[$0] }
    let fingerprints = candidates.map { pictures[$0].facts.fingerprint }
    var sets = UnionFind(count: candidates.count)
    for pair in NearDuplicateIndex(fingerprints).pairs() { sets.join(pair.first, pair.second) }
    return sets.sets().map { $0.map { candidates[$0] } }
  }

  private static func report(
    _ groups: [[Int]], _ pictures: [Item], _ data: LabelledData
  )
    -> CopyReport
  {
    CopyReport(
      groups.map { group in
        CopyReport.Group(
          names: group.prefix(6).map { pictures[$0].example.name }, count: group.count,
          labels: Set(group.map { pictures[$0].example.label }).sorted().map {
            data.training.classes[$0]
          },
          testCount: group.count { pictures[$0].part == 1 })
      })
  }

  // MARK: - Between the parts

  private static func groupsOnBothSides(_ pictures: [Item]) -> [String] {
    func groups(_ part: Int) -> Set<String> {
      Set(pictures.filter { $0.part == part }.compactMap(\.example.group))
    }
    return groups(0).intersection(groups(1)).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  /// Copies and groups are kept together, unless that would make one lump of a good part of all.
  private static func shift(_ pictures: [Item], _ copies: [[Int]], _ key: RandomKey) -> ShiftCheck?
  {
    var sets = UnionFind(count: pictures.count)
    let groups = Dictionary(
      grouping: pictures.indices.filter { pictures[$0].example.group != nil },
      by: { pictures[$0].example.group })
    let lumps = groups.values.map { $0 } + copies
    for lump in lumps where lump.count <= pictures.count / 10 {
      for index in lump.dropFirst() { sets.join(lump[0], index) }
    }
    func items(_ part: Int) -> [ShiftCheck.Item] {
      pictures.indices.filter { pictures[$0].part == part }.map { index in
        ShiftCheck.Item(
          features: pictures[index].facts.features.values, label: pictures[index].example.label,
          cluster: sets.root(of: index))
      }
    }
    return ShiftCheck(training: items(0), test: items(1), key: key.folding("shift"))
  }
}
