import Fovea

private struct InTuple: Module {
  let both = (Linear(inputs: 1, outputs: 1), 3)
}

private struct InDictionary: Module {
  let layers = ["a": Linear(inputs: 1, outputs: 1)]
}

private struct Plain {
  let layer = Linear(inputs: 1, outputs: 1)
}

private struct InStruct: Module {
  let plain = Plain()
}

private struct Own: Layer {
  let layer = Linear(inputs: 3, outputs: 1)
  func callAsFunction(_ x: Tensor) -> Tensor { layer(x) }
}

private func input(_ network: some Module, _ sizes: [Int]) -> Tensor {
  Graph(for: network, mode: .inference).input("x", ArrayType(sizes))
}

/// Layers, networks and attention mechanisms.
let layerProbes: [Probe] = [
  .trapping("Linear: −1 inputs") { _ in _ = Linear(inputs: -1, outputs: 2) },
  .trapping("Linear: no outputs") { _ in _ = Linear(inputs: 1, outputs: 0) },
  .trapping("Linear: weights beyond memory") { _ in _ = Linear(inputs: .max, outputs: .max) },
  .trapping("Linear: another width") { _ in
    let layer = Linear(inputs: 3, outputs: 1)
    _ = layer(input(layer, [2, 4]))
  },
  .trapping("Linear: a scalar") { _ in
    let layer = Linear(inputs: 3, outputs: 1)
    _ = layer(input(layer, []))
  },
  .trapping("Linear: in a network of one's own") { _ in
    let own = Own()
    _ = own(input(own, [2, 4]))
  },
  .trapping("Linear: of another network") { _ in
    _ = Linear(inputs: 3, outputs: 1)(input(Own(), [2, 3]))
  },
  .trapping("Sequential: another width") { _ in
    let layers = Sequential([Linear(inputs: 3, outputs: 1), Activation.relu])
    _ = layers(input(layers, [2, 4]))
  },
  .trapping("Convolution2D: groups that do not divide") { _ in
    _ = Convolution2D(inputs: 3, outputs: 4, kernelSize: 3, groups: 2)
  },
  .trapping("Convolution2D: no groups") { _ in
    _ = Convolution2D(inputs: 3, outputs: 4, kernelSize: 3, groups: 0)
  },
  .trapping("Convolution2D: a window of 0") { _ in
    _ = Convolution2D(inputs: 3, outputs: 4, kernelSize: 0)
  },
  .trapping("Convolution2D: other channels") { _ in
    let layer = Convolution2D(inputs: 3, outputs: 4, kernelSize: 3)
    _ = layer(input(layer, [1, 2, 8, 8]))
  },
  .trapping("Embedding: no vocabulary") { _ in _ = Embedding(vocabulary: 0, width: 4) },
  .trapping("Embedding: float indices") { _ in
    let layer = Embedding(vocabulary: 3, width: 4)
    _ = layer(input(layer, [2]))
  },
  .trapping("BatchNorm: no channels") { _ in _ = BatchNorm(channels: 0) },
  .trapping("BatchNorm: a momentum of 2") { _ in _ = BatchNorm(channels: 1, momentum: 2) },
  .trapping("LayerNorm: −1 features") { _ in _ = LayerNorm(features: -1) },
  .trapping("RMSNorm: an ε that is no number") { _ in _ = RMSNorm(features: 1, epsilon: .nan) },
  .trapping("GroupNorm: groups that do not divide") { _ in _ = GroupNorm(groups: 3, channels: 4) },
  .trapping("Dropout: a rate of 1") { _ in _ = Dropout(rate: 1) },
  .trapping("LSTM: no size") { _ in _ = LSTM(features: 4, size: 0) },
  .trapping("GRU: −1 features") { _ in _ = GRU(features: -1, size: 4) },
  .trapping("LSTM: two axes") { _ in
    let layer = LSTM(features: 4, size: 2)
    _ = layer(input(layer, [3, 4]))
  },
  .trapping("MaxPool2D: a window that does not fit") { _ in
    let layer = MaxPool2D(window: 9)
    _ = layer(input(layer, [1, 1, 4, 4]))
  },
  .trapping("Flatten: a scalar") { _ in _ = Flatten()(input(Flatten(), [])) },
  .trapping("SqueezeExcitation: a reduction of 0") { _ in
    _ = SqueezeExcitation(width: 4, reduction: 0)
  },
  .trapping("AugmentedAttention: no width") { _ in _ = AugmentedAttention(width: 0) },
  .throwing("MultiHeadAttention: heads that do not divide") { _ in
    _ = try MultiHeadAttention(width: 4, heads: 3)
  },
  .throwing("AttentionCatalog: an unknown name") { _ in
    _ = try AttentionCatalog.builtIn.mechanism("nobody", width: 4)
  },
  .throwing("AttentionCatalog: no width") { _ in
    _ = try AttentionCatalog.builtIn.mechanism("cbam", width: 0)
  },
  .throwing("NetworkDescription: an unknown name") { _ in
    _ = try NetworkDescription(named: "nobody")
  },
  .throwing("CNN: one class") { _ in _ = try CNN(.init(height: 8, width: 8, classes: 1)) },
  .throwing("CNN: negative pictures") { _ in _ = try CNN(.init(height: -8, width: 8, classes: 2)) },
  .trapping("CNN: another size") { _ in
    let network = try CNN(.init(height: 16, width: 16, classes: 2))
    _ = network(input(network, [1, 3, 8, 8]))
  },
  .trappingInside("Module: layers in a tuple") { _ in _ = InTuple().parameters },
  .trappingInside("Module: layers in a dictionary") { _ in
    _ = Graph(for: InDictionary(), mode: .inference)
  },
  .trappingInside("Module: layers in a struct") { _ in _ = InStruct().parameters },
  .throwing("Weights: a missing file") { _ = try Weights(contentsOf: $0.missing) },
  .throwing("Weights: https") { _ in _ = try Weights(contentsOf: Runs.address) },
  .throwing("Weights: of another network") { _ in
    try Weights().check(against: Linear(inputs: 1, outputs: 1))
  },
]
