/// A class that the sizes or formats of its pictures give away: a network may learn these in place of what
/// the pictures show.
public struct ClassShortcut: Hashable, Sendable, Codable {
  /// The class.
  public let name: String
  /// Size and format of most of its pictures: `64×48, PNG`.
  public let look: String
  /// The share of the class that looks so.
  public let share: Double
  /// The share of pictures of other classes that look so.
  public let shareOfOthers: Double

  struct Item {
    let label: Int
    let width: Int
    let height: Int
    let format: String?

    /// What can be seen without looking at pixels.
    var looks: [String] { ["\(width)×\(height)"] + (format.map { [$0] } ?? []) }
  }

  /// Fewer pictures of a class are alike by chance.
  private static let fewest = 10

  /// The class that is told best; `nil` where none is told by a look that nine tenths of it have and no
  /// more than a tenth of the others.
  init?(_ items: [Item], classes: [String]) {
    var counts: [String: [Int]] = [:]
    var totals = [Int](repeating: 0, count: classes.count)
    for item in items {
      totals[item.label] += 1
      for look in item.looks {
        counts[look, default: [Int](repeating: 0, count: classes.count)][item.label] += 1
      }
    }
    var best: (label: Int, look: String, share: Double, others: Double)?
    for (look, counts) in counts.sorted(by: { $0.key < $1.key }) {
      let all = counts.reduce(0, +)
      for label in classes.indices where totals[label] >= Self.fewest {
        let others = items.count - totals[label]
        guard others >= Self.fewest else { continue }
        let share = Double(counts[label]) / Double(totals[label])
        let ofOthers = Double(all - counts[label]) / Double(others)
        guard share >= 0.9, ofOthers <= 0.1,
          share - ofOthers > (best.map { $0.share - $0.others } ?? 0)
        else { continue }
        best = (label, look, share, ofOthers)
      }
    }
    guard let best else { return nil }
    (name, look) = (classes[best.label], best.look)
    (share, shareOfOthers) = (best.share, best.others)
  }
}
