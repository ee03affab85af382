/// y = x Wᵀ + b
public struct Linear: Layer {
  /// `[outputs, inputs]`
  public let weight: Parameter
  /// `[outputs]`
  public let bias: Parameter?

  /// A dense layer; with `startsAtZero` its results are 0 before training.
  public init(inputs: Int, outputs: Int, bias: Bool = true, startsAtZero: Bool = false) {
    let start: Initializer = startsAtZero ? .zeros : .fanIn(inputs)
    weight = Parameter([outputs, inputs], start)
    self.bias = bias ? Parameter([outputs], start) : nil
  }

  /// - Parameter x: `[batch…, inputs]`
  /// - Returns: `[batch…, outputs]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(x.graph[weight], bias.map { x.graph[$0] })
  }
}

extension Tensor {
  /// x Wᵀ + b as one product of matrices, which takes the bias in.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`
  ///   - bias: `[outputs]`
  /// - Returns: `[batch…, outputs]` for `self` `[batch…, inputs]`.
  func linear(_ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let rows = shape.sizes.dropLast()
    let flat = reshaped([rows.reduce(1, *), shape[-1]])
    let product = flat.matmul(weight, transposingRight: true)
    let y = bias.map { product + $0 } ?? product
    return y.reshaped(Shape(rows + [y.shape[1]]))
  }
}
