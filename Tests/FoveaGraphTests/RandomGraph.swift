import FoveaArray
import FoveaGraph
import FoveaTestSupport

/// A network of ops drawn at random, with the gradients of all that it is fed.
///
/// The seed decides everything. Each op is drawn from those that the current tensor allows, and
/// results are kept within a few units, so that exact agreement up to rounding can be asked for.
struct RandomGraph {
  let graph = Graph(mode: .training)
  /// The value, and the gradient of each input.
  private(set) var outputs: [String: Tensor] = [:]
  /// What the inputs are fed.
  private(set) var inputs: [String: HostArray] = [:]
  private let key: RandomKey
  private var draws: UInt64 = 0
  private var differentiated: [Tensor] = []

  init(seed: Int, length: Int = 9) {
    key = RandomKey(seed: 21).folding(seed)
    inputs["randomKey"] = HostArray([Int32(seed), 99])
    var x = input(startShape())
    for _ in 0..<length { x = step(x) }
    // Each element counts differently, so that no gradient vanishes by symmetry.
    let loss = (x * input(x.shape, isDifferentiated: false)).sum()
    outputs["value"] = x
    let gradients = loss.gradients(withRespectTo: differentiated)
    for (index, gradient) in gradients.enumerated() { outputs["gradient\(index)"] = gradient }
  }

  // MARK: Drawing

  private mutating func integer(below bound: Int) -> Int {
    draws += 1
    return key.integer(below: bound, at: draws)
  }

  private mutating func truth() -> Bool { integer(below: 2) == 1 }

  private mutating func startShape() -> Shape {
    switch integer(below: 4) {
    case 0: [1 + integer(below: 5), 2 + integer(below: 7)]
    case 1: [1 + integer(below: 3), 2 + integer(below: 5), 1 + integer(below: 6)]
    default:
      [
        1 + integer(below: 3), [3, 16, 32][integer(below: 3)], 4 + integer(below: 5),
        4 + integer(below: 5),
      ]
    }
  }

  /// An array that the graph is fed, of numbers between −1 and 1.
  private mutating func input(_ shape: Shape, isDifferentiated: Bool = true) -> Tensor {
    let name = "x\(inputs.count)"
    inputs[name] = Domain.uniform(-1, 1).values(shape, seed: integer(below: 1 << 20)).host(.float32)
    let tensor = graph.input(name, ArrayType(shape))
    if isDifferentiated { differentiated.append(tensor) }
    return tensor
  }

  /// A shape that broadcasts to `shape`: some sizes 1, outer axes left out.
  private mutating func broadcastable(_ shape: Shape) -> Shape {
    let dropped = integer(below: shape.rank + 1)
    var sizes: [Int] = []
    for size in shape.sizes.dropFirst(dropped) { sizes.append(truth() ? size : 1) }
    return Shape(sizes)
  }

  // MARK: Ops

  private mutating func step(_ x: Tensor) -> Tensor {
    switch integer(below: 8) {
    case 0: return unary(x)
    case 1: return binary(x)
    case 2: return reduction(x)
    case 3: return moved(x)
    case 4: return product(x)
    case 5: return x.shape.rank == 4 ? map(x) : sequence(x)
    case 6: return x.shape.rank == 4 ? map(x) : gathered(x)
    default: return x.shape.rank == 4 ? map(x) : binary(unary(x))
    }
  }

  private mutating func unary(_ x: Tensor) -> Tensor {
    switch integer(below: 14) {
    case 0: return x.tanh()
    case 1: return x.sigmoid()
    case 2: return x.relu()
    case 3: return x.gelu()
    case 4: return x.gelu(approximation: .tanh)
    case 5: return x.tanh().exp()
    case 6: return x.absolute()
    case 7: return (x * x + 1).squareRoot()
    case 8: return (x * x + 1).log()
    case 9: return -x.erf()
    case 10: return (x.absolute() + 0.5).power(-0.7)
    case 11: return x.sign() * x
    case 12: return x.dropout(rate: 0.3)
    default: return 2 / (1 + x * x)
    }
  }

  private mutating func binary(_ x: Tensor) -> Tensor {
    let other = input(broadcastable(x.shape))
    switch integer(below: 7) {
    case 0: return x + other
    case 1: return other - x
    case 2: return x * other
    case 3: return x / (other * other + 0.5)
    case 4: return x.maximum(other)
    case 5: return x.minimum(other)
    default:
      let condition = truth() ? x.less(than: other) : x.lessOrEqual(to: other).logicalNot()
      return condition.logicalOr(x.equal(to: other)).select(x.tanh(), other)
    }
  }

  private mutating func reduction(_ x: Tensor) -> Tensor {
    guard x.shape.rank > 1 else { return unary(x) }
    if truth() {
      let axis = integer(below: x.shape.rank)
      return truth() ? x.softmax(axis: axis) : x.logSoftmax(axis: axis) * 0.3
    }
    let axes = [integer(below: x.shape.rank)]
    let kept = truth()
    switch integer(below: 4) {
    case 0: return x.sum(axes: axes, keepingAxes: kept) * 0.3
    case 1: return x.mean(axes: axes, keepingAxes: kept)
    case 2: return x.max(axes: axes, keepingAxes: kept)
    default: return x.variance(axes: axes, keepingAxes: kept)
    }
  }

  /// Ops that move elements without computing.
  private mutating func moved(_ x: Tensor) -> Tensor {
    guard x.shape.rank > 0 else { return x.broadcast(to: [3, 2]) }
    let axis = integer(below: x.shape.rank)
    let size = x.shape[axis]
    switch integer(below: 6) {
    case 0: return x.permuted(key.folding(Int(draws)).permutation(of: x.shape.rank))
    case 1: return x.reshaped([-1, x.shape.sizes.last ?? 1])
    case 2:
      let start = integer(below: size)
      return x.slice(axis: axis, start..<size, step: 1 + integer(below: 2))
    case 3:
      var before = [Int](repeating: 0, count: x.shape.rank)
      before[axis] = integer(below: 3)
      return x.padded(before: before, after: before.reversed(), value: 0.5)
    case 4: return Tensor.concatenate([x, x.tanh()], axis: axis)
    default:
      return x.shape.elementCount < 2_000 ? x.broadcast(to: Shape([2] + x.shape.sizes)) : x.tanh()
    }
  }

  private mutating func product(_ x: Tensor) -> Tensor {
    guard x.shape.rank >= 2 else { return binary(x) }
    let inner = x.shape[-1]
    let columns = 1 + integer(below: 20)
    let transposed = truth()
    let weight = input(transposed ? [columns, inner] : [inner, columns])
    let y = x.matmul(weight, transposingRight: transposed) * (1 / Float(inner).squareRoot())
    switch integer(below: 4) {
    case 0: return y + input([columns])
    case 1: return (y + input([columns])).relu()
    case 2: return (y + input([columns])).gelu()
    default: return y
    }
  }

  /// Ops over `[batch, channels, height, width]`.
  private mutating func map(_ x: Tensor) -> Tensor {
    let channels = x.shape[1]
    switch integer(below: 8) {
    case 0...3:
      let outputs = [8, 16, 32][integer(below: 3)]
      let groups = channels % 2 == 0 && integer(below: 3) == 0 ? 2 : 1
      let size = [1, 3, 3][integer(below: 3)]
      let weight = input([outputs, channels / groups, size, size])
      let scale = 1 / Float(channels / groups * size * size).squareRoot()
      let y = x.convolution2D(
        weight: weight * scale, bias: truth() ? input([outputs]) : nil,
        stride: integer(below: 3) == 0 ? 2 : 1, padding: Padding2D(integerLiteral: size / 2),
        groups: groups)
      return truth() ? y.relu() : y
    case 4:
      guard min(x.shape[2], x.shape[3]) >= 2 else { return x.globalMaxPool2D() }
      return truth() ? x.maxPool2D(window: 2) : x.relu().maxPool2D(window: 2)
    case 5:
      guard min(x.shape[2], x.shape[3]) >= 2 else { return x.globalAveragePool2D() }
      return x.averagePool2D(window: 2, stride: 1, padding: 1, countsPadding: truth())
    case 6:
      let (scale, shift) = (input([channels]), input([channels]))
      // Statistics of few numbers would magnify rounding.
      guard x.shape.elementCount / channels >= 8 else {
        let statistics = input([channels], isDifferentiated: false)
        return x.batchNorm(
          scale: scale, shift: shift, mean: statistics, variance: statistics * statistics + 0.5)
      }
      return x.batchNorm(scale: scale, shift: shift, epsilon: 0.1).result
    default: return x.globalAveragePool2D()
    }
  }

  /// Ops over `[…, positions, width]`.
  private mutating func sequence(_ x: Tensor) -> Tensor {
    guard x.shape.rank >= 2 else { return unary(x) }
    let width = x.shape[-1]
    if truth() {
      return x.layerNorm(scale: input([width]), shift: input([width]), epsilon: 0.1)
    }
    let key = x * input([width])
    return x.attention(key: key, value: truth() ? x : key.tanh()) + x
  }

  private mutating func gathered(_ x: Tensor) -> Tensor {
    guard x.shape.rank > 0, x.shape[0] > 0 else { return unary(x) }
    let axis = integer(below: x.shape.rank)
    guard axis < x.shape.rank, x.shape[axis] > 0 else { return unary(x) }
    let size = x.shape[axis]
    if truth() {
      let indices = (0..<(1 + integer(below: 6))).map { _ in Int32(integer(below: size)) }
      return x.gather(graph.constant(HostArray(indices)), axis: axis)
    }
    let indices = (0..<size).map { _ in Int32(integer(below: 5)) }
    return x.scatterAdd(at: graph.constant(HostArray(indices)), size: 5, axis: axis) * 0.5
  }
}
