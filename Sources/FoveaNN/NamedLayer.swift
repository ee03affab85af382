/// A part of a network with the path by which the network holds it.
package struct NamedLayer: Sendable {
  /// Property names and positions in arrays, joined by dots.
  package let path: String
  /// The name of its type: `Convolution2D`.
  package let kind: String
  /// The numbers that it keeps, those of its own parts included.
  package let parameterCount: Int
}

extension Module {
  /// All modules that this one holds, each before its own parts, in the order of the properties.
  package var layers: [NamedLayer] {
    var found: [NamedLayer] = []
    collect(from: self, path: "", into: &found)
    return found
  }
}

private func collect(from value: Any, path: String, into found: inout [NamedLayer]) {
  for (position, child) in Mirror(reflecting: value).children.enumerated() {
    let name = child.label.map { $0 == "some" ? "" : $0 } ?? "\(position)"
    let childPath = name.isEmpty ? path : path.isEmpty ? name : "\(path).\(name)"
    if let module = child.value as? any Module {
      found.append(
        NamedLayer(
          path: childPath, kind: "\(type(of: module))",
          parameterCount: module.parameterCounts.total))
      collect(from: module, path: childPath, into: &found)
    } else if [.optional, .collection].contains(Mirror(reflecting: child.value).displayStyle) {
      collect(from: child.value, path: childPath, into: &found)
    }
  }
}
