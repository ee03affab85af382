package import FoveaKernels

/// The numbers of variables while plans run on them, each in the layout that the first plan chose.
package final class VariableStore {
  private var entries: [String: (memory: Memory, layout: Layout)] = [:]
  /// Grows whenever a variable changes.
  package private(set) var version = 0
  /// What variables hold when a plan first asks for them, until then; zeros where nothing is given.
  private var startValues: [String: HostArray]

  package init(_ startValues: [String: HostArray] = [:]) { self.startValues = startValues }

  /// The layouts in which variables are stored, for compiling further plans.
  package var layouts: [String: Layout] { entries.mapValues(\.layout) }

  /// The names of all variables.
  package var names: [String] { entries.keys.sorted() }

  /// The memory of a plan's variables, made where new.
  ///
  /// - Throws: `KernelError` when the plan wants a variable in another layout than it has.
  func memories(for plan: Plan) throws(KernelError) -> [Memory] {
    var memories: [Memory] = []
    for variable in plan.variables {
      if let entry = entries[variable.name] {
        guard entry.layout == variable.layout else {
          throw KernelError(
            "variable \(variable.name) is stored as \(entry.layout), the plan wants "
              + "\(variable.layout) of \(variable.layout.type)")
        }
        memories.append(entry.memory)
      } else {
        let memory = Memory(byteCount: variable.layout.byteCount)
        if let array = startValues[variable.name] {
          guard array.type == variable.layout.type else {
            throw KernelError(
              "variable \(variable.name) is \(variable.layout.type), not \(array.type)")
          }
          try memory.write(array, in: variable.layout)
          startValues[variable.name] = nil
        }
        entries[variable.name] = (memory, variable.layout)
        memories.append(memory)
      }
    }
    return memories
  }

  /// Stores a variable's numbers; a variable that no plan has is ignored.
  ///
  /// - Throws: `KernelError` when the shape is another.
  package func set(_ name: String, to array: HostArray) throws(KernelError) {
    guard let entry = entries[name] else { return }
    guard entry.layout.type == array.type else {
      throw KernelError("variable \(name) is \(entry.layout.type), not \(array.type)")
    }
    try entry.memory.write(array, in: entry.layout)
    version += 1
  }

  /// A variable's numbers, row-major; `nil` where no plan has the variable.
  package func value(_ name: String) throws(KernelError) -> HostArray? {
    guard let entry = entries[name] else { return nil }
    return try entry.memory.read(in: entry.layout)
  }

  func noteChange() { version += 1 }
}
