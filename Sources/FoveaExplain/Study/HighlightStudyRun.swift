import FoveaArray
package import FoveaData
import FoveaMetrics
package import FoveaNN

extension Explainer {
  /// Most pictures that a study scores.
  package static let mostStudyPictures = 64
  private static let fewestStudyPictures = 8
  private static let randomizedPictures = 6
  /// Layers after which maps are looked at, at most, when weights are made random.
  private static let mostStages = 8
  /// Additions and multiplications that scoring may take, some seconds on a small machine.
  private static let studyOperations = 4e11

  /// Holds the network's methods against each other on some of `pictures`, and against random
  /// weights.
  ///
  /// Scores are deletion and insertion of the predicted class, with quick settings and without
  /// controls. How many pictures are taken follows from the network's size alone, so the same
  /// pictures and settings give the same result.
  ///
  /// - Parameters:
  ///   - pictures: in the network's size; the first of a random order are taken.
  ///   - weights: the network's weights.
  ///   - modules: the network, whose layers are made random from the last to the first.
  ///   - part: what the pictures are.
  ///   - progress: is told how many of how many steps are done: pictures, then layers made random.
  /// - Throws: `InputError` where there is no picture; `CancellationError`.
  package func study(
    on pictures: [Picture], weights: Weights, of modules: any Module, part: String,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> HighlightStudy {
    guard !pictures.isEmpty else {
      throw InputError("there is no picture to choose a method of highlighting on")
    }
    var quick = HighlightSettings.quick
    quick.seed = settings.seed
    let key = RandomKey(seed: quick.seed).folding("study")
    let methods = try availableMethods()
    let wanted = Self.studyPictures(forwardOperations: try network.forwardOperations())
    let chosen = key.permutation(of: pictures.count).prefix(wanted)
      .map { InputPicture(pictures[$0], network.input) }
    let targets = try chosen.map { try network.probabilities(of: $0).indexOfLargest }

    var maps: [HighlightMethod: [[Float]]] = [:]
    var areas: [HighlightMethod: DeletionInsertion.Areas] = [:]
    let layers = Self.layers(of: modules).reversed().map { $0 }
    // Spread over the layers; the last one always counts.
    let spacing = (layers.count + Self.mostStages - 1) / Self.mostStages
    let steps = chosen.count + (layers.count + spacing - 1) / spacing
    for (index, picture) in chosen.enumerated() {
      progress(index, steps)
      let made = try methods.map { method in
        try positiveMap(method, quick, picture, targets[index], key.folding(index))
      }
      let found = try DeletionInsertion(picture, target: targets[index], steps: quick.curveSteps)
        .areas(of: made, in: network).areas
      for (position, method) in methods.enumerated() {
        maps[method, default: []].append(made[position])
        let sum = areas[method] ?? DeletionInsertion.Areas(deletion: 0, insertion: 0)
        areas[method] = DeletionInsertion.Areas(
          deletion: sum.deletion + found[position].deletion,
          insertion: sum.insertion + found[position].insertion)
      }
    }

    let randomized = min(Self.randomizedPictures, chosen.count)
    let stages = try randomization(
      of: methods, maps: maps, pictures: Array(chosen.prefix(randomized)), targets: targets,
      settings: quick, key: key, weights: weights,
      random: modules.initialWeights(
        key: key.folding("random weights")), layers: layers, spacing: spacing
    ) { progress(chosen.count + $0, steps) }
    let count = Double(chosen.count)
    return HighlightStudy(
      part: part, pictureCount: chosen.count, randomizedPictureCount: randomized, settings: quick,
      methods: methods.map { method in
        HighlightStudy.MethodResult(
          method: method, deletion: (areas[method]?.deletion ?? 0) / count,
          insertion: (areas[method]?.insertion ?? 0) / count,
          randomization: stages[method] ?? [])
      })
  }

  /// Passes forward that the study of a picture takes, about.
  private static let passesPerPicture = 400.0

  private static func studyPictures(forwardOperations: Double) -> Int {
    min(
      max(Int(studyOperations / (passesPerPicture * forwardOperations)), fewestStudyPictures),
      mostStudyPictures)
  }

  /// Passes forward that a study on so many pictures takes, about.
  package static func studyPasses(pictures: Int, forwardOperations: Double) -> Double {
    let count = min(pictures, studyPictures(forwardOperations: forwardOperations))
    // Under random weights maps are made and not scored.
    let randomized = min(count, randomizedPictures) * mostStages
    return passesPerPicture * (Double(count) + 0.6 * Double(randomized))
  }

  private func positiveMap(
    _ method: HighlightMethod, _ settings: HighlightSettings, _ picture: InputPicture,
    _ target: Int, _ key: RandomKey
  ) throws -> [Float] {
    try method.maker(settings, key: key).values(of: picture, target: target, in: network)
      .values.map { max($0, 0) }
  }

  /// Makes one layer after the other random, from the head down, and compares maps.
  ///
  /// Adebayo et al. 2018, "Sanity checks for saliency maps": a map that stays shows the picture's
  /// edges, not what the network learned. The trained weights are back in place afterwards.
  private func randomization(
    of methods: [HighlightMethod], maps: [HighlightMethod: [[Float]]], pictures: [InputPicture],
    targets: [Int], settings: HighlightSettings, key: RandomKey, weights: Weights,
    random: Weights, layers: [(name: String, paths: [String])], spacing: Int,
    progress: (Int) -> Void
  ) throws -> [HighlightMethod: [HighlightStudy.Stage]] {
    var current = weights
    var stages: [HighlightMethod: [HighlightStudy.Stage]] = [:]
    defer { try? network.set(weights) }
    for (position, layer) in layers.enumerated() {
      for path in layer.paths { current[path] = random[path] }
      let left = layers.count - 1 - position
      guard left % spacing == 0 else { continue }
      progress((layers.count - 1) / spacing - left / spacing)
      try network.set(current)
      for method in methods {
        var sum = 0.0
        for (index, picture) in pictures.enumerated() {
          let map = try positiveMap(
            method, settings, picture, targets[index], key.folding(index))
          sum += rankCorrelation(map, maps[method]?[index] ?? [])
        }
        stages[method, default: []].append(
          HighlightStudy.Stage(layer: layer.name, correlation: sum / Double(pictures.count)))
      }
    }
    return stages
  }

  /// Parameters by the layer that holds them, first to last.
  private static func layers(of modules: any Module) -> [(name: String, paths: [String])] {
    var layers: [(name: String, paths: [String])] = []
    for named in modules.parameters {
      let parts = named.path.split(separator: ".")
      let name = parts.count > 1 ? parts.dropLast().joined(separator: ".") : named.path
      if let last = layers.indices.last, layers[last].name == name {
        layers[last].paths.append(named.path)
      } else {
        layers.append((name, [named.path]))
      }
    }
    return layers
  }
}
