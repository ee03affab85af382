/// A 2-D convolution with a bias.
public struct Convolution2D: Layer {
  /// `[outputs, inputs / groups, height, width]`
  public let weight: Parameter
  /// `[outputs]`
  public let bias: Parameter?
  private let stride: Size2D
  private let padding: Padding2D
  private let dilation: Size2D
  private let groups: Int

  /// A convolution of `inputs` channels to `outputs` channels with a window of `kernelSize`.
  public init(
    inputs: Int, outputs: Int, kernelSize: Size2D, stride: Size2D = 1, padding: Padding2D = 0,
    dilation: Size2D = 1, groups: Int = 1, bias: Bool = true
  ) {
    let taps = inputs / groups * kernelSize.height * kernelSize.width
    weight = Parameter(
      [outputs, inputs / groups, kernelSize.height, kernelSize.width], .fanIn(taps))
    self.bias = bias ? Parameter([outputs], .fanIn(taps)) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// - Parameter x: `[batch, inputs, height, width]`
  /// - Returns: `[batch, outputs, height, width]`
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.convolution2D(
      weight: x.graph[weight], bias: bias.map { x.graph[$0] }, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
  }
}
