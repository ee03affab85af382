import Glibc

/// The parts of a map that stand out, as boxes in the original picture.
package enum RegionFinder {
  /// What counts as standing out: this share of the map's largest value.
  private static let threshold: Float = 0.5
  /// A region whose box covers more than this share of the map says little of where to look: it is
  /// cut down to what stands out inside it.
  private static let largestShare = 0.25
  /// By how much more a place must stand out then, and at most.
  private static let thresholdStep: Float = 0.1
  private static let largestThreshold: Float = 0.95
  private static let mostRegions = 5
  /// Regions with a smaller share of the map are left out, but for the first.
  private static let leastStrength = 0.01

  /// Connected places (side by side) with at least half of the largest value, by their share of
  /// the map; none where the map is the same everywhere.
  ///
  /// Those that cover more than a quarter of the map are cut down at higher and higher shares of
  /// its largest value, and may fall apart; one that is level all over stays as large as it is.
  package static func regions(of map: HighlightMap) -> [HighlightRegion] {
    guard !map.isConstant else { return [] }
    let total = map.values.reduce(0.0) { $0 + Double($1) }
    let regions = connected(Array(map.values.indices), of: map, threshold)
      .flatMap { small($0, of: map, threshold) }
      .map { region($0, of: map, total: total) }
    let order = regions.indices.sorted {
      (-regions[$0].strength, $0) < (-regions[$1].strength, $1)
    }
    return order.prefix(mostRegions).enumerated()
      .filter { $0.offset == 0 || regions[$0.element].strength >= leastStrength }
      .map { regions[$0.element] }
  }

  /// Groups of connected places among `candidates` with at least `threshold`, each in order.
  private static func connected(
    _ candidates: [Int], of map: HighlightMap, _ threshold: Float
  ) -> [[Int]] {
    var isFree = [Bool](repeating: false, count: map.values.count)
    for place in candidates where map.values[place] >= threshold { isFree[place] = true }
    var groups: [[Int]] = []
    for start in candidates where isFree[start] {
      isFree[start] = false
      var members = [start]
      var next = 0
      while next < members.count {
        let (row, column) = (members[next] / map.width, members[next] % map.width)
        next += 1
        for (down, across) in [(-1, 0), (0, -1), (0, 1), (1, 0)] {
          let (r, c) = (row + down, column + across)
          guard r >= 0, c >= 0, r < map.height, c < map.width, isFree[r * map.width + c]
          else { continue }
          isFree[r * map.width + c] = false
          members.append(r * map.width + c)
        }
      }
      groups.append(members.sorted())
    }
    return groups
  }

  /// A group, or what is left of it where it is too large.
  private static func small(
    _ members: [Int], of map: HighlightMap, _ threshold: Float
  ) -> [[Int]] {
    let rows = members.map { $0 / map.width }
    let columns = members.map { $0 % map.width }
    let height = (rows.max() ?? 0) - (rows.min() ?? 0) + 1
    let width = (columns.max() ?? 0) - (columns.min() ?? 0) + 1
    let share = Double(height * width) / Double(map.values.count)
    let higher = threshold + thresholdStep
    guard share > largestShare, higher < largestThreshold else { return [members] }
    let parts = connected(members, of: map, higher)
    return parts.isEmpty ? [members] : parts.flatMap { small($0, of: map, higher) }
  }

  private static func region(
    _ members: [Int], of map: HighlightMap, total: Double
  ) -> HighlightRegion {
    let rows = members.map { $0 / map.width }
    let columns = members.map { $0 % map.width }
    let (top, bottom) = (rows.min() ?? 0, rows.max() ?? 0)
    let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
    let frame = map.frame
    func corner(_ row: Int, _ column: Int) -> (x: Double, y: Double) {
      frame.position(
        x: Double(column) / Double(map.width), y: Double(row) / Double(map.height))
    }
    let first = corner(top, left)
    let last = corner(bottom + 1, right + 1)
    let x = min(max(Int(first.x.rounded(.down)), 0), frame.pictureWidth - 1)
    let y = min(max(Int(first.y.rounded(.down)), 0), frame.pictureHeight - 1)
    let endX = min(max(Int(last.x.rounded(.up)), x + 1), frame.pictureWidth)
    let endY = min(max(Int(last.y.rounded(.up)), y + 1), frame.pictureHeight)
    let peak = members.reduce(members[0]) { map.values[$1] > map.values[$0] ? $1 : $0 }
    let middle = frame.position(
      x: (Double(peak % map.width) + 0.5) / Double(map.width),
      y: (Double(peak / map.width) + 0.5) / Double(map.height))
    return HighlightRegion(
      x: x, y: y, width: endX - x, height: endY - y,
      strength: members.reduce(0.0) { $0 + Double(map.values[$1]) } / total,
      peakX: min(max(Int(middle.x), 0), frame.pictureWidth - 1),
      peakY: min(max(Int(middle.y), 0), frame.pictureHeight - 1))
  }
}
