/// A layer that reads a sequence step by step.
public protocol RecurrentLayer: Module {
  /// Numbers in a state of the result: those of both directions together.
  var outputSize: Int { get }

  /// The states at each step.
  ///
  /// - Parameters:
  ///   - x: `[batch, time, features]`
  ///   - lengths: steps of each sequence, int32 `[batch]`, all where not given. Behind a sequence's
  ///     end states are 0, and the reverse direction starts at its last step.
  /// - Returns: `[batch, time, outputSize]`, forward states before reverse ones.
  func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor
}

/// A recurrent layer that is told its caller's line and names it when `x` does not fit.
public protocol PlacedRecurrentLayer: RecurrentLayer {
  /// The states at each step; see `RecurrentLayer`.
  func callAsFunction(_ x: Tensor, lengths: Tensor?, file: StaticString, line: UInt) -> Tensor
}

extension PlacedRecurrentLayer {
  /// The states at each step, for callers that do not know which layer it is.
  @_disfavoredOverload
  public func callAsFunction(_ x: Tensor, lengths: Tensor?) -> Tensor {
    self(x, lengths: lengths, file: #fileID, line: #line)
  }
}

extension RecurrentLayer {
  /// The states at each step of sequences of full length.
  @_disfavoredOverload
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, lengths: nil) }
}

/// The parameters of one direction of a recurrent layer, all gates one behind the other.
///
/// Two biases, of which an LSTM needs one only, as in PyTorch and cuDNN: weights and training are
/// the same there and here.
public struct RecurrentWeights: Module {
  /// `[gates · size, features]`
  public let inputWeight: Parameter
  /// `[gates · size, size]`
  public let recurrentWeight: Parameter
  /// `[gates · size]`
  public let inputBias: Parameter
  /// `[gates · size]`
  public let recurrentBias: Parameter

  init(features: Int, size: Int, gates: Int) {
    let start = Initializer.fanIn(size)
    inputWeight = Parameter([gates * size, features], start)
    recurrentWeight = Parameter([gates * size, size], start)
    inputBias = Parameter([gates * size], start)
    recurrentBias = Parameter([gates * size], start)
  }
}

/// A long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
/// 2000): gates in the order input, forget, cell, output.
public struct LSTM: PlacedRecurrentLayer {
  /// From the first step to the last.
  public let forward: RecurrentWeights
  /// From the last step to the first.
  public let reverse: RecurrentWeights?
  private let size: Int

  /// States of `size` numbers over steps of `features` numbers.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    features: Int, size: Int, isBidirectional: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      features >= 1 && size >= 1, "recurrence: states of \(size) numbers over \(features)",
      file: file, line: line)
    forward = RecurrentWeights(features: features, size: size, gates: 4)
    reverse = isBidirectional ? RecurrentWeights(features: features, size: size, gates: 4) : nil
    self.size = size
  }

  /// Numbers in a state of the result.
  public var outputSize: Int { reverse == nil ? size : 2 * size }

  /// The states at each step; see `RecurrentLayer`.
  public func callAsFunction(
    _ x: Tensor, lengths: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let both = DirectionWeights(forward, reverse, in: x.graph, file, line)
    return both.steps(x, bias: both.inputBias + both.recurrentBias, file, line) {
      $0.lstm(
        recurrentWeight: both.recurrentWeight, lengths: lengths, directions: both.directions,
        file: file, line: line)
    }
  }
}

/// A gated recurrent unit (Cho et al. 2014, the reset gate behind the product): gates in the order
/// reset, update, candidate.
public struct GRU: PlacedRecurrentLayer {
  /// From the first step to the last.
  public let forward: RecurrentWeights
  /// From the last step to the first.
  public let reverse: RecurrentWeights?
  private let size: Int

  /// States of `size` numbers over steps of `features` numbers.
  ///
  /// Sizes below 1 are a programmer's mistake and trap.
  public init(
    features: Int, size: Int, isBidirectional: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(
      features >= 1 && size >= 1, "recurrence: states of \(size) numbers over \(features)",
      file: file, line: line)
    forward = RecurrentWeights(features: features, size: size, gates: 3)
    reverse = isBidirectional ? RecurrentWeights(features: features, size: size, gates: 3) : nil
    self.size = size
  }

  /// Numbers in a state of the result.
  public var outputSize: Int { reverse == nil ? size : 2 * size }

  /// The states at each step; see `RecurrentLayer`.
  public func callAsFunction(
    _ x: Tensor, lengths: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let both = DirectionWeights(forward, reverse, in: x.graph, file, line)
    return both.steps(x, bias: both.inputBias, file, line) {
      $0.gru(
        recurrentWeight: both.recurrentWeight, recurrentBias: both.recurrentBias,
        lengths: lengths, directions: both.directions, file: file, line: line)
    }
  }
}

/// The parameters of one direction or both in a graph, one behind the other, so that one product
/// serves both and both run at once.
private struct DirectionWeights {
  let inputWeight: Tensor
  let recurrentWeight: Tensor
  let inputBias: Tensor
  let recurrentBias: Tensor
  let directions: RecurrentDirections

  init(
    _ forward: RecurrentWeights, _ reverse: RecurrentWeights?, in graph: Graph,
    _ file: StaticString, _ line: UInt
  ) {
    func joined(_ path: KeyPath<RecurrentWeights, Parameter>) -> Tensor {
      let ahead = graph[forward[keyPath: path], file, line]
      guard let reverse else { return ahead }
      return Tensor.concatenate([ahead, graph[reverse[keyPath: path], file, line]], axis: 0)
    }
    inputWeight = joined(\.inputWeight)
    recurrentWeight = joined(\.recurrentWeight)
    inputBias = joined(\.inputBias)
    recurrentBias = joined(\.recurrentBias)
    directions = reverse == nil ? .forward : .both
  }

  /// States `[batch, time, size]` of `x` `[batch, time, features]` by a layer that reads what the
  /// input sends to the gates, time first.
  func steps(
    _ x: Tensor, bias: Tensor, _ file: StaticString, _ line: UInt, _ states: (Tensor) -> Tensor
  ) -> Tensor {
    require(
      x.shape.rank == 3, "recurrence: needs [batch, time, features], not \(x.type)", file: file,
      line: line)
    return states(x.linear(inputWeight, bias, file, line).permuted([1, 0, 2])).permuted([1, 0, 2])
  }
}
