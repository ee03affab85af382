import FoveaArray

/// Which items belong together, such as the pictures of a patient or the recordings of a speaker.
///
/// What happens to items of one group goes together, so an interval that takes them as independent is
/// too narrow: their numbers are added up first, and the groups are what is independent.
package struct ItemGroups: Hashable, Sendable {
  /// The group of each item, counted from 0.
  package let indices: [Int]
  /// How many groups there are.
  package let count: Int

  /// Groups of these names; an item without one is by itself.
  package init(_ names: [String?]) {
    var known: [String: Int] = [:]
    var count = 0
    indices = names.map { name in
      if let name, let index = known[name] { return index }
      defer { count += 1 }
      if let name { known[name] = count }
      return count
    }
    self.count = count
  }

  /// Whether no two items belong together.
  package var areSingle: Bool { count == indices.count }

  /// The sum of a number of each item over each group.
  package func sums<Number: Numeric>(_ values: [Number]) -> [Number] {
    require(
      values.count == indices.count, "groups: \(values.count) numbers of \(indices.count) items")
    var sums = [Number](repeating: 0, count: count)
    for (value, index) in zip(values, indices) { sums[index] += value }
    return sums
  }
}
