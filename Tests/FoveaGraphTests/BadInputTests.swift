import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

struct BadInputTests {
  /// An op, what it is given, and what it says of that.
  struct Case: Sendable, CustomTestStringConvertible {
    let op: any Op
    let inputs: [ArrayType]
    let text: String
    var testDescription: String { "\(type(of: op)): \(text)" }

    init(_ op: any Op, _ shapes: [Shape], _ text: String) {
      self.init(op, types: shapes.map { ArrayType($0) }, text)
    }

    init(_ op: any Op, types: [ArrayType], _ text: String) {
      self.op = op
      inputs = types
      self.text = text
    }
  }

  private static let same = WindowGeometry(paddingBefore: [1, 1], paddingAfter: [1, 1])
  private static func pool(_ window: Int, padding: Int) -> Pool2D {
    let geometry = WindowGeometry(
      strides: [window, window], paddingBefore: [padding, padding],
      paddingAfter: [padding, padding])
    return Pool2D(
      description: PoolingDescription(
        function: .maximum, window: [window, window], geometry: geometry),
      keepsPositions: false)
  }

  private static let place = ArrayType([1], .int32)
  static let caches: [Case] = [
    Case(
      CachedAttention(),
      types: [ArrayType([2, 12]), ArrayType([2, 8, 2]), ArrayType([2, 8, 2]), place],
      "cachedAttention: needs [1, positions, 3 · width], not shape [2, 12]"),
    Case(
      CachedAttention(),
      types: [ArrayType([1, 2, 12]), ArrayType([2, 8, 2]), ArrayType([2, 9, 2]), place],
      "cachedAttention: keys float32[2, 8, 2] and values float32[2, 9, 2] are not alike"),
    Case(
      CachedAttention(),
      types: [ArrayType([1, 9, 12]), ArrayType([2, 8, 2]), ArrayType([2, 8, 2]), place],
      "cachedAttention: float32[1, 9, 12] does not fit the cache float32[2, 8, 2]"),
    Case(
      CachedAttention(),
      types: [
        ArrayType([1, 2, 12]), ArrayType([2, 8, 2]), ArrayType([2, 8, 2]), ArrayType([1]),
      ],
      "cachedAttention: needs one int32 place, not float32[1]"),
  ]

  static let arithmetic: [Case] = [
    Case(
      Elementwise(.add), [[2, 3], [4]],
      "add: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 differ at axis -1"),
    Case(
      Elementwise(.multiply), [[2, 3], [3, 3]],
      "multiply: shapes [2, 3] and [3, 3] do not broadcast: sizes 2 and 3 differ at axis -2"),
    Case(
      Elementwise(.exp), types: [ArrayType([2], .int32)], "exp: needs float32, not int32"),
    Case(
      Elementwise(.add), types: [ArrayType([2]), ArrayType([2], .int32)],
      "add: needs two float32 or two int32 operands, not float32 and int32"),
    Case(
      Elementwise(.divide), types: [ArrayType([2], .int32), ArrayType([2], .int32)],
      "divide: needs two float32 operands, not int32 and int32"),
    Case(
      Elementwise(.equal), types: [ArrayType([2]), ArrayType([2], .bool)],
      "equal: needs operands of one element type, not float32 and bool"),
    Case(
      Elementwise(.not), types: [ArrayType([2])], "not: needs bool operands, not float32"),
    Case(
      Elementwise(.select), types: [ArrayType([2]), ArrayType([2]), ArrayType([2])],
      "where: needs a bool condition and two values of one element type, not float32 and float32 "
        + "and float32"),
    Case(
      ElementwiseChain(program: ElementwiseProgram(inputs: [], steps: [])), [],
      "chain: has no steps"),
    Case(
      Reduce(reduction: .sum, axes: [2], keepingAxes: false), [[2, 3]],
      "sum: axes [2] do not exist in shape [2, 3]"),
    Case(
      Reduce(reduction: .max, axes: [1], keepingAxes: false), [[2, 0]],
      "max: shape [2, 0] has no elements along axes [1]"),
    Case(
      Reduce(reduction: .sum, axes: [0], keepingAxes: false), types: [ArrayType([2], .int32)],
      "sum: needs float32, not int32[2]"),
    Case(ArgMax(), [[3, 0]], "argMax: shape [3, 0] has no elements along the axis"),
    Case(Softmax(isLogarithm: false), [[]], "softmax: needs at least one axis, not a scalar"),
    Case(Softmax(isLogarithm: true), [[]], "logSoftmax: needs at least one axis, not a scalar"),
    Case(
      Dropout(rate: 1, stream: 1), types: [ArrayType([2]), ArrayType([2], .int32)],
      "dropout: a rate of 1.0 does not lie in 0..<1"),
  ]

  static let networks: [Case] = [
    Case(
      MatMul(), [[2, 3], [4, 5]], "matmul: inner sizes 3 and 4 differ: [2, 3] · [4, 5]"),
    Case(
      MatMul(transposesRight: true), [[2, 3], [4, 5]],
      "matmul: inner sizes 3 and 5 differ: [2, 3] · [4, 5]ᵀ"),
    Case(
      MatMul(), [[2, 2, 3], [3, 3, 4]],
      "matmul: needs matrices with equal batch axes, not shapes [2, 2, 3] and [3, 3, 4]"),
    Case(
      MatMul(hasBias: true), [[2, 3], [3, 4], [5]],
      "matmul: needs a bias of shape [4], not [5]"),
    Case(
      Convolution2D(geometry: same, hasBias: false, isTraining: true),
      [[2, 3, 8, 8], [4, 5, 3, 3]],
      "convolution2D: the input has 3 channels, the weights [4, 5, 3, 3] are for 5"),
    Case(
      Convolution2D(geometry: same, hasBias: false, isTraining: true), [[3, 8, 8], [4, 3, 3, 3]],
      "convolution2D: needs [batch, channels, height, width], not shape [3, 8, 8]"),
    Case(
      Convolution2D(geometry: same, hasBias: false, isTraining: true), [[2, 3, 8, 8], [4, 27]],
      "convolution2D: needs weights [outputs, channels, height, width], not shape [4, 27]"),
    Case(
      Convolution2D(geometry: same, hasBias: true, isTraining: true),
      [[2, 3, 8, 8], [4, 3, 3, 3], [3]], "convolution2D: needs a bias of shape [4], not [3]"),
    Case(
      Convolution2D(geometry: WindowGeometry(), hasBias: false, isTraining: true),
      [[2, 3, 2, 8], [4, 3, 3, 3]],
      "convolution2D: a window of 3×3 does not fit into 2×8"),
    Case(
      pool(4, padding: 0), [[1, 1, 3, 8]], "pool2D: a window of 4×4 does not fit into 3×8"),
    Case(
      pool(2, padding: 2), [[1, 1, 8, 8]],
      "pool2D: a padding of 2 leaves windows of 2 with padding alone"),
    Case(
      pool(2, padding: 0), [[8, 8]],
      "pool2D: needs [batch, channels, height, width], not shape [8, 8]"),
    Case(
      BatchNorm(epsilon: 1e-5), [[2, 3, 4], [3], [4]],
      "batchNorm: needs scale, shift and statistics of shape [3], not [4]"),
    Case(
      BatchNorm(epsilon: 1e-5), [[3], [3], [3]],
      "batchNorm: needs [batch, channels, …], not shape [3]"),
    Case(
      BatchNormInference(epsilon: 1e-5), [[2, 3], [3], [3], [3], [2]],
      "batchNormInference: needs scale, shift and statistics of shape [3], not [2]"),
    Case(
      LayerNorm(epsilon: 1e-5), [[2, 3], [2], [3]],
      "layerNorm: needs scale and shift of shape [3], not [2]"),
    Case(
      ScaledDotProductAttention(setting: AttentionSetting(scale: 1)),
      [[2, 5, 4], [2, 7, 3], [2, 7, 6]],
      "attention: query [2, 5, 4] and key [2, 7, 3] have head sizes 4 and 3"),
    Case(
      ScaledDotProductAttention(setting: AttentionSetting(scale: 1)),
      [[2, 5, 4], [2, 7, 4], [2, 6, 4]],
      "attention: query [2, 5, 4], key [2, 7, 4] and value [2, 6, 4] do not belong together: "
        + "batch axes are equal, keys and values are as many"),
    Case(
      ScaledDotProductAttention(setting: AttentionSetting(scale: 1)), [[5, 4], [0, 4], [0, 4]],
      "attention: there are no keys: [0, 4]"),
    Case(
      ScaledDotProductAttention(setting: AttentionSetting(scale: 1)),
      [[5, 4], [7, 4], [7, 4], [2, 5, 7]],
      "attention: mask [2, 5, 7] does not broadcast to the scores [5, 7]"),
    Case(
      NormalizePixels(), types: [ArrayType([1, 2, 2, 3]), ArrayType([3]), ArrayType([3])],
      "normalizePixels: needs uint8 pixels, not float32[1, 2, 2, 3]"),
    Case(
      NormalizePixels(), types: [ArrayType([1, 2, 2, 3], .uint8), ArrayType([1]), ArrayType([3])],
      "normalizePixels: needs mean and deviation of [3], not float32[1]"),
    Case(
      UpdateParameter(
        update: .sgd(momentum: 0, nesterov: false, weightDecay: 0), hasFactor: false),
      [[2, 3], [3, 2], [], []], "update: float32[3, 2] does not fit the parameter float32[2, 3]"),
    Case(
      UpdateMovingAverage(momentum: 0.9, factor: 1), [[3], [4]],
      "movingAverage: float32[4] does not fit the state float32[3]"),
  ]

  static let sequences: [Case] = [
    Case(
      Recurrence(.lstm), [[5, 2, 12], [12, 4]], "lstm: needs weights [12, 3], not shape [12, 4]"),
    Case(
      Recurrence(.lstm), [[5, 2, 13], [13, 3]],
      "lstm: needs [time, batch, 4 · size], not shape [5, 2, 13]"),
    Case(
      Recurrence(.lstm), [[5, 12], [12, 3]],
      "lstm: needs [time, batch, 4 · size], not shape [5, 12]"),
    Case(
      Recurrence(.lstm, hasLengths: true),
      types: [ArrayType([5, 2, 12]), ArrayType([12, 3]), ArrayType([3], .int32)],
      "lstm: needs int32 lengths [2], not int32[3]"),
    Case(
      Recurrence(.gru), [[5, 2, 9], [9, 3], [3]], "gru: needs a bias of shape [9], not float32[3]"),
    Case(
      Recurrence(.gru), [[5, 2, 9], [12, 3], [9]], "gru: needs weights [9, 3], not shape [12, 3]"),
    Case(
      Split(axis: 1, parts: 3), [[2, 4]],
      "split: axis 1 of [2, 4] does not divide into 3 parts"),
    Case(Split(axis: 2, parts: 2), [[2, 4]], "split: axis 2 does not exist in shape [2, 4]"),
    Case(
      ScaledDotProductAttention(setting: AttentionSetting(scale: 1, masking: .lengths)),
      types: [
        ArrayType([2, 5, 4]), ArrayType([2, 7, 4]), ArrayType([2, 7, 4]), ArrayType([3], .int32),
      ],
      "attention: shapes [3] and [2] do not broadcast: sizes 3 and 2 differ at axis -1"),
    Case(
      ScaledDotProductAttention(setting: AttentionSetting(scale: 1, masking: .lengths)),
      [[2, 5, 4], [2, 7, 4], [2, 7, 4], [2]],
      "attention: needs int32 lengths that broadcast to the batch axes [2], not float32[2]"),
  ]

  static let copies: [Case] = [
    Case(Reshape(shape: [5]), [[2, 3]], "reshape: [2, 3] holds 6 elements, [5] holds 5"),
    Case(
      Permute(axes: [0, 0]), [[2, 3]], "permute: [0, 0] is no order of the 2 axes of [2, 3]"),
    Case(
      Slice(starts: [0, 2], ends: [2, 5], steps: [1, 1]), [[2, 4]],
      "slice: 2..<5 by 1 does not lie in axis 1 of [2, 4]"),
    Case(
      Slice(starts: [0], ends: [1], steps: [1]), [[2, 4]],
      "slice: 1 ranges do not fit the 2 axes of [2, 4]"),
    Case(
      Slice(starts: [0], ends: [1], steps: [0]), [[2]],
      "slice: 0..<1 by 0 does not lie in axis 0 of [2]"),
    Case(
      Concatenate(axis: 1), [[2, 3], [3, 3]],
      "concatenate: float32[2, 3] and float32[3, 3] do not join along axis 1"),
    Case(Concatenate(axis: 2), [[2, 3]], "concatenate: axis 2 does not exist in shape [2, 3]"),
    Case(Concatenate(axis: 0), [], "concatenate: needs at least one array"),
    Case(
      Broadcast(shape: [2, 3]), [[3, 3]],
      "broadcast: shapes [3, 3] and [2, 3] do not broadcast: sizes 3 and 2 differ at axis -2"),
    Case(
      Broadcast(shape: [3]), [[2, 3]], "broadcast: [2, 3] does not broadcast to [3]"),
    Case(
      Gather(axis: 1), types: [ArrayType([4]), ArrayType([2], .int32)],
      "gather: axis 1 does not exist in shape [4]"),
    Case(
      Gather(axis: 0), [[4], [2]], "gather: needs int32 indices, not float32[2]"),
    Case(
      ScatterAdd(axis: 0, size: 4), types: [ArrayType([3, 2]), ArrayType([2], .int32)],
      "scatterAdd: updates [3, 2] do not hold the indices' shape [2] at axis 0"),
    Case(
      ScatterAdd(axis: 0, size: 4), [[2], [2]],
      "scatterAdd: needs int32 indices, not float32[2]"),
  ]

  @Test(arguments: arithmetic + networks + copies + sequences + caches)
  func aViolatedRuleSaysWhatDisagrees(_ testCase: Case) {
    do {
      let types = try testCase.op.resultTypes(testCase.inputs)
      Issue.record("no error, but \(types)")
    } catch {
      #expect(error.description == testCase.text)
    }
  }

  // MARK: Traps

  // Release builds print the text too; an exit test runs the closure in a process of its own.

  @Test func aViolatedRuleStopsAtTheCallersLine() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let graph = Graph()
      let x = graph.input("x", ArrayType([2, 3]))
      _ = x.matmul(graph.input("y", ArrayType([4, 5])), file: "Model/Layer.swift", line: 77)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("matmul: inner sizes 3 and 4 differ: [2, 3] · [4, 5]"))
    #expect(text.contains("Model/Layer.swift:77"))
  }

  @Test func withoutALineTheCallersOwnIsNamed() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Graph().input("x", ArrayType([2, 3])).reshaped([4, -1])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("reshape: [2, 3] does not divide into [4, -1]"))
    #expect(text.contains("FoveaGraphTests/BadInputTests.swift:"))
  }

  @Test func anInputAskedForAsAnotherTypeStops() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let graph = Graph()
      _ = graph.input("x", ArrayType([2, 3]))
      _ = graph.input("x", ArrayType([3]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("graph: x is used as float32[2, 3] and as another kind or type"))
  }

  @Test func tensorsOfTwoGraphsDoNotMeet() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let left = Graph().input("x", ArrayType([2]))
      let right = Graph().input("x", ArrayType([2]))
      _ = left.maximum(right)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("elementwise: operands come from two graphs"))
  }
}
