/// Items 0..<count in sets that can be joined.
struct UnionFind {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  /// The smallest item of the set that `item` is in.
  mutating func root(of item: Int) -> Int {
    var root = item
    while parents[root] != root {
      parents[root] = parents[parents[root]]
      root = parents[root]
    }
    return root
  }

  mutating func join(_ first: Int, _ second: Int) {
    let (left, right) = (root(of: first), root(of: second))
    parents[max(left, right)] = min(left, right)
  }

  /// The sets with at least two items, by their smallest item, each ascending.
  mutating func sets() -> [[Int]] {
    var members: [Int: [Int]] = [:]
    for item in parents.indices { members[root(of: item), default: []].append(item) }
    return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}
