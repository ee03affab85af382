package import FoveaNN

/// A network with a batch of a fixed shape: what is timed against other frameworks and held
/// against their recorded runs.
package struct Workload: Sendable {
  /// What a batch's input holds.
  package enum Input: Hashable, Sendable {
    /// Normal numbers.
    case numbers
    /// int32 below a bound.
    case indices(below: Int)
  }

  /// What the network is trained to give.
  package enum Target: Hashable, Sendable {
    /// One of so many classes for each item.
    case itemClass(of: Int)
    /// One of so many classes for each position of each item.
    case positionClass(of: Int)
    /// Nothing: the network's own result is the loss.
    case none
  }

  /// The name by which it is chosen: `cnn`.
  package let name: String
  package let network: any Module
  /// The sizes of one item of the batch.
  package var itemShape: [Int]
  package let input: Input
  package let target: Target
  private let forward: @Sendable (Tensor) -> Tensor

  init(
    _ name: String, _ network: some Module, item: [Int], _ input: Input = .numbers,
    target: Target, forward: @escaping @Sendable (Tensor) -> Tensor
  ) {
    self.name = name
    self.network = network
    itemShape = item
    self.input = input
    self.target = target
    self.forward = forward
  }

  /// A workload whose network is a layer.
  init(_ name: String, _ network: some Layer, item: [Int], classes: Int) {
    self.init(name, network, item: item, target: .itemClass(of: classes)) { network($0) }
  }

  /// The names of all workloads.
  package static let names = WorkloadCatalog.makers.map(\.name)

  /// The workload called `name`.
  ///
  /// - Parameter arguments: sizes away from their defaults, by PyTorch's names for them: `width`.
  /// - Throws: `InputError` that lists the names there are, and for sizes that cannot be.
  package init(named name: String, arguments: [String: Int] = [:]) throws {
    guard let maker = WorkloadCatalog.makers.first(where: { $0.name == name }) else {
      throw InputError(
        "there is no workload called \(name)",
        advice: "Choose one of \(Workload.names.joined(separator: ", "))")
    }
    var sizes = WorkloadSizes(arguments)
    self = try maker.make(&sizes)
    try sizes.checkAllUsed(by: name)
  }

  /// Adds inputs `input` and `target` and the network; gives the mean cross-entropy over items or
  /// positions, or the network's own loss.
  package func loss(in graph: Graph, batch: Int) -> Tensor {
    let result = logits(in: graph, batch: batch)
    guard let type = targetType(batch: batch) else { return result }
    let labels = graph.input("target", type)
    let items = type.shape.elementCount
    return result.reshaped([items, result.shape[-1]]).crossEntropy(labels: labels.reshaped([items]))
  }

  /// Adds the input `input` and the network.
  package func logits(in graph: Graph, batch: Int) -> Tensor {
    forward(graph.input("input", inputType(batch: batch)))
  }

  /// The type of the input of a batch.
  package func inputType(batch: Int) -> ArrayType {
    let shape = Shape([batch] + itemShape)
    return switch input {
    case .numbers: ArrayType(shape)
    case .indices: ArrayType(shape, .int32)
    }
  }

  /// The type of the target of a batch, if there is one.
  package func targetType(batch: Int) -> ArrayType? {
    switch target {
    case .itemClass: ArrayType([batch], .int32)
    case .positionClass: ArrayType(Shape([batch] + itemShape), .int32)
    case .none: nil
    }
  }

  /// Random arrays for a batch: `input`, and `target` if there is one.
  package func arrays(batch: Int, key: RandomKey) -> [String: HostArray] {
    func integers(_ shape: Shape, below bound: Int, _ name: String) -> HostArray {
      let key = key.folding(name)
      return HostArray(
        shape,
        (0..<shape.elementCount).map { Int32(key.integer(below: bound, at: UInt64($0))) })
    }
    let shape = inputType(batch: batch).shape
    var arrays: [String: HostArray] = [:]
    switch input {
    case .numbers:
      arrays["input"] = Initializer.normal(deviation: 1).values(shape, key: key.folding("input"))
    case .indices(let bound): arrays["input"] = integers(shape, below: bound, "input")
    }
    switch (target, targetType(batch: batch)) {
    case (.itemClass(let classes), let type?), (.positionClass(let classes), let type?):
      arrays["target"] = integers(type.shape, below: classes, "target")
    default: break
    }
    return arrays
  }
}
