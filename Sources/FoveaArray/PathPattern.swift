/// Paths that a verb gives its files: `runs/seed-#-*/config.json`, where `#` stands for digits and `*`
/// for one or more characters of a name.
package struct PathPattern: Hashable, Sendable, ExpressibleByStringLiteral {
  private let components: [[Character]]

  package init(_ pattern: String) {
    components = pattern.split(separator: "/").map(Array.init)
  }

  package init(stringLiteral pattern: String) { self.init(pattern) }

  /// The same below another folder.
  package func below(_ folder: PathPattern) -> PathPattern {
    PathPattern(components: folder.components + components)
  }

  private init(components: [[Character]]) { self.components = components }

  /// Whether a file may have this path.
  package func matches(_ path: String) -> Bool {
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    return names.count == components.count && fits(names)
  }

  /// Whether a file in a folder of this path, or below, may be meant.
  package func leads(through folder: String) -> Bool {
    let names = folder.split(separator: "/", omittingEmptySubsequences: false)
    return names.count < components.count && fits(names)
  }

  private func fits(_ names: [Substring]) -> Bool {
    zip(components, names).allSatisfy { Self.fits($0[...], Array($1)[...]) }
  }

  private static func fits(
    _ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>
  ) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case "#", "*":
      let most = first == "*" ? name.count : name.prefix { $0.isASCII && $0.isNumber }.count
      return (1...max(most, 1)).contains { count in
        count <= most && fits(rest, name.dropFirst(count))
      }
    default: return name.first == first && fits(rest, name.dropFirst())
    }
  }
}
