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
  ///   - comparing: is told how many have then been held against the others.
  /// - Returns: the report.
  /// - Throws: `InputError` when the data are recordings or texts, and `CancellationError` when the task
  ///   is cancelled.
  public static func run(
    _ data: LabelledData, limits: PictureLimits = PictureLimits(),
    key: RandomKey = RandomKey(seed: 1), progress: ReadingProgress? = nil,
    comparing: ReadingProgress? = nil
  ) throws -> DataReport {
    try run(
      data, limits: limits, key: key, settingAside: nil, progress: progress, comparing: comparing)
  }

  /// - Parameter setAside: pictures that are set aside for validation, where that is known.
  package static func run(
    _ data: LabelledData, limits: PictureLimits = PictureLimits(), key: RandomKey,
    settingAside setAside: Int?, progress: ReadingProgress? = nil, comparing: ReadingProgress? = nil
  ) throws -> DataReport {
    guard data.medium == .picture else {
      throw refusal(of: data.medium, at: data.training.name)
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
    let (near, search) = try nearCopies(
      pictures, exact, key.folding("near copies"), comparing)
    return DataReport(
      training: looks[0].report, test: looks.count > 1 ? looks[1].report : nil,
      exactCopies: report(exact, pictures, data), nearCopies: report(near, pictures, data),
      nearCopySearch: search,
      validationWithCopyInTraining: exact.reduce(0) { count, group in
        let training = group.filter { pictures[$0].part == 0 }
        let validation = training.count { pictures[$0].example.isValidation }
        return count + (validation < training.count ? validation : 0)
      },
      shortcut: ClassShortcut(
        pictures.filter { $0.part == 0 }.map { picture in
          ClassShortcut.Item(
            label: picture.example.label, width: picture.facts.width,
            height: picture.facts.height, format: picture.facts.format?.rawValue)
        }, classes: data.training.classes),
      groupsOnBothSides: groupsOnBothSides(pictures),
      shift: looks.count > 1 ? shift(pictures, exact + near, key) : nil, notes: data.notes,
      setAside: setAside)
  }

  /// Why data of another medium are not looked at.
  static func refusal(of medium: Medium, at place: String) -> InputError {
    InputError("holds \(medium.nouns)", at: place, advice: advice(on: medium))
  }

  /// What is there for another medium in place of this.
  static func advice(on medium: Medium) -> Advice {
    "Only pictures are looked at here; train and compare say which \(medium.nouns) are exact copies"
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

  /// Mirrored, shifted and cropped copies are looked for among so many pictures: some seconds.
  static let mostTransformed = 5_000
  /// Pictures from which it is told whether a set is drawn alike.
  private static let mostSampled = 3_000

  /// Sets of pictures that look alike; of exact copies only the first is looked at.
  private static func nearCopies(
    _ pictures: [Item], _ exact: [[Int]], _ key: RandomKey, _ progress: ReadingProgress?
  ) throws -> (sets: [[Int]], search: NearCopySearch) {
    var isFurtherCopy = [Bool](repeating: false, count: pictures.count)
    for group in exact { for index in group.dropFirst() { isFurtherCopy[index] = true } }
    let candidates = pictures.indices.filter { !isFurtherCopy[$0] }
    let fingerprints = candidates.map { pictures[$0].facts.fingerprint }
    var sets = UnionFind(count: candidates.count)
    for pair in NearDuplicateIndex(fingerprints).pairs() { sets.join(pair.first, pair.second) }
    let order = key.permutation(of: candidates.count)
    let isDrawnAlike = isDrawnAlike(order.prefix(mostSampled).map { fingerprints[$0] })
    // Among pictures that are drawn alike, more ways of being alike find more that are none.
    let compared = isDrawnAlike ? [] : order.prefix(mostTransformed).sorted()
    let pairs = try TransformedCopies(
      compared.map { pictures[candidates[$0]].facts.miniature }, compared.map { fingerprints[$0] }
    ).pairs(progress: progress)
    var counts: [TransformedCopies.Kind: Int] = [:]
    for pair in pairs {
      let (first, second) = (compared[pair.first], compared[pair.second])
      // What was found before is no other copy, nor is a pair from its other side.
      guard sets.root(of: first) != sets.root(of: second) else { continue }
      sets.join(first, second)
      counts[pair.kind, default: 0] += 1
    }
    return (
      sets.sets().map { $0.map { candidates[$0] } },
      NearCopySearch(
        comparedCount: compared.count, pictureCount: pictures.count,
        largestShift: TransformedCopies.largestShift, mirroredCount: counts[.mirrored] ?? 0,
        shiftedCount: counts[.shifted] ?? 0, isDrawnAlike: isDrawnAlike)
    )
  }

  /// Whether there are near copies, and by far more pairs that are a little less alike: copies stand apart
  /// from all other pairs, what is drawn alike does not.
  private static func isDrawnAlike(_ fingerprints: [PictureFingerprint]) -> Bool {
    let pairs = NearDuplicateIndex(fingerprints).pairs(minimumCorrelation: 0.94)
    let near = pairs.count { $0.correlation >= 0.98 }
    return near >= max(5, fingerprints.count / 200) && pairs.count - near >= max(20, 3 * near)
  }

  private static func report(
    _ groups: [[Int]], _ pictures: [Item], _ data: LabelledData
  )
    -> CopyReport
  {
    CopyReport(
      groups.map { group in
        CopyReport.Group(
          group.map {
            CopyReport.Group.Member(
              name: pictures[$0].example.name,
              label: data.training.classes[pictures[$0].example.label],
              isTest: pictures[$0].part == 1)
          }, labels: data.training.classes)
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
