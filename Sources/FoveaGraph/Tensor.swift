/// A result in a graph: a shape, an element type, and no numbers until the graph has run.
public struct Tensor {
  /// The graph that the tensor belongs to.
  public let graph: Graph
  /// Shape and element type.
  public let type: ArrayType
  package let value: Value

  package init(graph: Graph, value: Value, type: ArrayType) {
    self.graph = graph
    self.value = value
    self.type = type
  }

  /// The sizes, outermost first.
  public var shape: Shape { type.shape }
  /// The type of the elements.
  public var elementType: ElementType { type.elementType }

  /// The line that made the tensor.
  var origin: (file: StaticString, line: UInt) {
    graph.nodes[value.node].origin ?? (#fileID, #line)
  }

  /// Applies an op to this tensor and `others`.
  func applying(
    _ op: some Op, _ others: Tensor..., file: StaticString, line: UInt
  ) -> Tensor { graph.apply(op, [self] + others, file: file, line: line)[0] }
}
