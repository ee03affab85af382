// Compares a network that carries an attention mechanism of your own with its twin that has none,
// and with a control that has as many parameters and cannot attend.
//
//   swift run -c release compare-own-attention STUDY
import Foundation
import Fovea

/// Y = softmax(X W Xᵀ / √width) X + X: places attend to places that a learned product likens to
/// them.
struct BilinearAttention: AttentionMechanism {
  let likeness: Linear

  init(width: Int) { likeness = Linear(inputs: width, outputs: width, bias: false) }

  func attending(sequence x: Tensor) -> Tensor {
    scaledDotProductAttention(query: likeness(x), key: x, value: x) + x
  }

  func weights(sequence x: Tensor) -> Tensor? { attentionWeights(query: likeness(x), key: x) }
}

@main
enum Main {
  static func main() async throws {
    guard CommandLine.arguments.count == 2 else {
      print("usage: compare-own-attention STUDY")
      exit(64)
    }
    let scenes = try SceneSet(
      SceneOptions(count: 800, contrast: 0.6, noise: 0.15, distractors: 0...3), testCount: 200)

    var comparison = Comparison(seeds: 2)
    comparison.parameters.mechanisms = AttentionCatalog.builtIn.adding("bilinear") { width in
      BilinearAttention(width: width)
    }
    comparison.parameters.network.attention = "bilinear"
    comparison.parameters.network.kernelSizes = [5, 3]
    comparison.parameters.network.head = .mean
    comparison.parameters.training.epochs = 2
    comparison.parameters.training.batchSize = 32
    comparison.parameters.training.learningRate = 0.003
    let result = try await comparison.run(
      on: .pictures(scenes.data()), output: URL(filePath: CommandLine.arguments[1]))
    print("\(result.verdict.title): \(result.explanation)")
    for seed in result.seeds {
      print("seed \(seed.seed): plain \(seed.plain), with attention \(seed.augmented)")
    }
  }
}
