import FoveaNN

/// All workloads by name, with the sizes of their definitions where nothing else is said.
enum WorkloadCatalog {
  typealias Maker = @Sendable (inout WorkloadSizes) throws -> Workload

  static let makers: [(name: String, make: Maker)] = [
    ("cnn", { try cnn("cnn", attention: "augmented", &$0) }),
    ("cnn-plain", { try cnn("cnn-plain", attention: "none", &$0) }),
    ("resnet20-cbam", { try resnet(&$0) }),
    ("vit", { try vit(&$0) }),
    ("encoder", { try encoder(&$0) }),
    ("lstm-attention", { try recurrent("lstm-attention", .lstm, &$0) }),
    ("gru-attention", { try recurrent("gru-attention", .gru, &$0) }),
    ("gpt", { try gpt(&$0) }),
    ("long-attention", { longAttention(&$0) }),
  ]

  private static func cnn(
    _ name: String, attention: String, _ sizes: inout WorkloadSizes
  ) throws -> Workload {
    var options = CNN.Options(height: 32, width: 32, classes: sizes["classes"] ?? 10)
    options.attention = attention
    return Workload(name, try CNN(options), item: [3, 32, 32], classes: options.classes)
  }

  private static func resnet(_ sizes: inout WorkloadSizes) throws -> Workload {
    let options = ResNet.Options(height: 32, width: 32, classes: sizes["classes"] ?? 10)
    return Workload(
      "resnet20-cbam", try ResNet(options), item: [3, 32, 32], classes: options.classes)
  }

  private static func vit(_ sizes: inout WorkloadSizes) throws -> Workload {
    var options = ViT.Options(height: 32, width: 32, classes: sizes["classes"] ?? 10)
    options.tokenWidth = sizes["width"] ?? options.tokenWidth
    options.heads = sizes["heads"] ?? options.heads
    options.layers = sizes["layers"] ?? options.layers
    return Workload("vit", try ViT(options), item: [3, 32, 32], classes: options.classes)
  }

  private static func encoder(_ sizes: inout WorkloadSizes) throws -> Workload {
    var options = TextEncoder.Options()
    options.vocabulary = sizes["vocabulary"] ?? options.vocabulary
    options.length = sizes["length"] ?? options.length
    options.width = sizes["width"] ?? options.width
    options.heads = sizes["heads"] ?? options.heads
    options.layers = sizes["layers"] ?? options.layers
    options.classes = sizes["classes"] ?? options.classes
    let network = try TextEncoder(options)
    return Workload(
      "encoder", network, item: [options.length], .indices(below: options.vocabulary),
      target: .itemClass(of: options.classes)
    ) { network($0) }
  }

  private static func recurrent(
    _ name: String, _ cell: RecurrentClassifier.Cell, _ sizes: inout WorkloadSizes
  ) throws -> Workload {
    var options = RecurrentClassifier.Options()
    options.cell = cell
    options.features = sizes["features"] ?? options.features
    options.hidden = sizes["hidden"] ?? options.hidden
    options.classes = sizes["classes"] ?? options.classes
    let network = try RecurrentClassifier(options)
    return Workload(
      name, network, item: [100, options.features], target: .itemClass(of: options.classes)
    ) { network($0) }
  }

  private static func gpt(_ sizes: inout WorkloadSizes) throws -> Workload {
    var options = GPT.Options()
    options.vocabulary = sizes["vocabulary"] ?? options.vocabulary
    options.length = sizes["length"] ?? options.length
    options.width = sizes["width"] ?? options.width
    options.heads = sizes["heads"] ?? options.heads
    options.layers = sizes["layers"] ?? options.layers
    let network = try GPT(options)
    return Workload(
      "gpt", network, item: [options.length], .indices(below: options.vocabulary),
      target: .positionClass(of: options.vocabulary)
    ) { network($0) }
  }

  private static func longAttention(_ sizes: inout WorkloadSizes) -> Workload {
    let network = LongAttention()
    return Workload(
      "long-attention", network, item: [8, sizes["length"] ?? 4096, 64], target: .none
    ) { network($0) }
  }
}

/// Self-attention alone over a long sequence, whose three scales make all three gradients needed.
///
/// mean of attention(q X, k X, v X)² with numbers q, k, v that are learned.
struct LongAttention: Module {
  let query = Parameter([], .ones)
  let key = Parameter([], .ones)
  let value = Parameter([], .ones)

  /// - Parameter x: `[batch, heads, positions, headSize]`
  /// - Returns: a scalar
  func callAsFunction(_ x: Tensor) -> Tensor {
    let graph = x.graph
    let y = scaledDotProductAttention(
      query: x * graph[query], key: x * graph[key], value: x * graph[value])
    return y.sumOfSquares() * (1 / Float(y.shape.elementCount))
  }
}

/// Sizes away from their defaults, and which of them were asked for.
struct WorkloadSizes {
  private let arguments: [String: Int]
  private var used: Set<String> = []

  init(_ arguments: [String: Int]) { self.arguments = arguments }

  subscript(name: String) -> Int? {
    mutating get {
      used.insert(name)
      return arguments[name]
    }
  }

  /// Fails when a size was given that the workload does not have.
  func checkAllUsed(by workload: String) throws {
    if let stranger = arguments.keys.filter({ !used.contains($0) }).min() {
      throw InputError("the workload \(workload) has no size called \(stranger)")
    }
  }
}
