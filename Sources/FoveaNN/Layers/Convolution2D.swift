/// A 2-D convolution with a bias.
public struct Convolution2D: PlacedLayer {
  /// `[outputs, inputs / groups, height, width]`
  public let weight: Parameter
  /// `[outputs]`
  public let bias: Parameter?
  private let stride: Size2D
  private let padding: Padding2D
  private let dilation: Size2D
  private let groups: Int

  /// A convolution of `inputs` channels to `outputs` channels with a window of `kernelSize`.
  ///
  /// Sizes below 1, and channels that do not divide into the groups, are a programmer's mistake and
  /// trap.
  public init(
    inputs: Int, outputs: Int, kernelSize: Size2D, stride: Size2D = 1, padding: Padding2D = 0,
    dilation: Size2D = 1, groups: Int = 1, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      inputs >= 1 && outputs >= 1 && groups >= 1 && inputs % groups == 0 && outputs % groups == 0,
      "Convolution2D: \(inputs) channels to \(outputs) in \(groups) groups", file: file, line: line)
    for (what, size) in [("window", kernelSize), ("stride", stride), ("dilation", dilation)] {
      require(
        size.height >= 1 && size.width >= 1,
        "Convolution2D: a \(what) of \(size.height)×\(size.width)", file: file, line: line)
    }
    let shape = Shape(
      [outputs, inputs / groups, kernelSize.height, kernelSize.width], file: file, line: line)
    let taps = shape.elementCount / outputs
    weight = Parameter(shape, .fanIn(taps))
    self.bias = bias ? Parameter([outputs], .fanIn(taps)) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// - Parameter x: `[batch, inputs, height, width]`
  /// - Returns: `[batch, outputs, height, width]`
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    x.convolution2D(
      weight: x.graph[weight, file, line], bias: bias.map { x.graph[$0, file, line] },
      stride: stride, padding: padding, dilation: dilation, groups: groups, file: file, line: line)
  }
}
