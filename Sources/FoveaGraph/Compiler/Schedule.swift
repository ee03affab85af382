/// The order in which nodes run: inputs before users, a variable's readers before its update, and
/// updates as early as that allows, so that gradients die soon. What is there from the start comes
/// first, so that no update waits for its learning rate.
package enum Schedule {
  /// Indices of `program.nodes` in the order of execution.
  ///
  /// - Throws: `ShapeError` when a variable is updated twice.
  package static func order(_ program: Program) throws(ShapeError) -> [Int] {
    var waits = [Int](repeating: 0, count: program.nodes.count)
    var followers: [[Int]] = Array(repeating: [], count: program.nodes.count)
    var readers: [Int: [Int]] = [:]
    var updaters: [Int: Int] = [:]
    // The variable that a node is or shows: who reads a view reads the variable.
    var shown: [Int: Int] = [:]
    for (index, node) in program.nodes.enumerated() {
      let updated = Set(node.op.updatedInputs)
      if node.op is Variable {
        shown[index] = index
      } else if type(of: node.op).isView {
        shown[index] = shown[node.inputs[0].node]
      }
      for (position, input) in node.inputs.enumerated() {
        followers[input.node].append(index)
        waits[index] += 1
        guard let variable = shown[input.node] else { continue }
        if updated.contains(position) {
          guard updaters.updateValue(index, forKey: variable) == nil else {
            throw ShapeError("schedule", "a variable is updated twice in one step")
          }
        } else {
          readers[variable, default: []].append(index)
        }
      }
    }
    for (variable, updater) in updaters {
      for reader in Set(readers[variable] ?? []) where reader != updater {
        followers[reader].append(updater)
        waits[updater] += 1
      }
    }
    var order: [Int] = []
    var ready = program.nodes.indices.filter { waits[$0] == 0 }
    func priority(_ node: Int) -> (Int, Int) {
      let isEarly =
        program.nodes[node].inputs.isEmpty || !program.nodes[node].op.updatedInputs.isEmpty
      return (isEarly ? 0 : 1, node)
    }
    while let next = ready.indices.min(by: { priority(ready[$0]) < priority(ready[$1]) }) {
      let node = ready.remove(at: next)
      order.append(node)
      for follower in followers[node] {
        waits[follower] -= 1
        if waits[follower] == 0 { ready.append(follower) }
      }
    }
    return order
  }
}
