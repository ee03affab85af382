/// y = x Wᵀ + b
public struct Linear: PlacedLayer {
  /// `[outputs, inputs]`
  public let weight: Parameter
  /// `[outputs]`
  public let bias: Parameter?

  /// A dense layer; with `startsAtZero` its results are 0 before training.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, startsAtZero: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      inputs >= 1 && outputs >= 1, "Linear: \(outputs) outputs of \(inputs) inputs", file: file,
      line: line)
    let start: Initializer = startsAtZero ? .zeros : .fanIn(inputs)
    weight = Parameter(Shape([outputs, inputs], file: file, line: line), start)
    self.bias = bias ? Parameter([outputs], start) : nil
  }

  /// - Parameter x: `[batch…, inputs]`
  /// - Returns: `[batch…, outputs]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.linear(x.graph[weight, file, line], bias.map { x.graph[$0, file, line] }, file, line)
  }
}

extension Tensor {
  /// x Wᵀ + b as one product of matrices, which takes the bias in.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`
  ///   - bias: `[outputs]`
  /// - Returns: `[batch…, outputs]` for `self` `[batch…, inputs]`.
  func linear(
    _ weight: Tensor, _ bias: Tensor?, _ file: StaticString = #fileID, _ line: UInt = #line
  ) -> Tensor {
    let rows = shape.sizes.dropLast()
    let flat = reshaped([rows.reduce(1, *), shape[-1, file, line]], file: file, line: line)
    let product = flat.matmul(weight, transposingRight: true, file: file, line: line)
    let y = bias.map { product + $0 } ?? product
    return y.reshaped(Shape(rows + [y.shape[1]]))
  }
}
