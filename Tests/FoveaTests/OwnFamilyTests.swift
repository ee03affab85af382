import FoundationEssentials
import Fovea
import FoveaTestSupport
import Testing

/// A family from outside: trained, gone on with, loaded and refused where nobody knows it.
@Suite(.serialized) struct OwnFamilyTests {
  /// The mean colour, and two dense layers.
  private struct Colour: Layer {
    let hidden: Linear
    let head: Linear

    func callAsFunction(_ x: Tensor) -> Tensor { head(hidden(x.mean(axes: [2, 3])).relu()) }
  }

  private struct ColourFamily: MapFamily {
    struct Options: MapOptions {
      var height = 16
      var width = 16
      var channels = 3
      var classes = 2
      var attention = "none"
      var units = 12
    }

    let name = "colour"
    let defaults = Options()
    var settings: [NetworkSetting<Options>] {
      [NetworkSetting(\.units, \.units, "units between the dense layers", row: "Units")]
    }

    func check(_ options: Options) throws {
      guard options.units > 0 else { throw InputError("model colour: no units") }
    }

    func network(_ options: Options, mechanisms: AttentionCatalog) throws -> any Layer {
      Colour(
        hidden: Linear(inputs: options.channels, outputs: options.units),
        head: Linear(inputs: options.units, outputs: options.classes))
    }
  }

  private static func data() throws -> ImageClassifier.DataSource {
    let options = try SceneOptions(
      count: 24, contrast: 0.8, noise: 0.05, distractors: 0...1, seed: 1)
    return .pictures(try SceneSet(options, testCount: 6).data())
  }

  private static func parameters() -> ImageClassifier.ModelParameters {
    var parameters = ImageClassifier.ModelParameters()
    parameters.network = NetworkDescription(ColourFamily())
    parameters.network.units = 5
    parameters.imageSize = .pixels(width: 12, height: 12)
    parameters.training.epochs = 1
    parameters.training.threads = 1
    parameters.explains = false
    return parameters
  }

  @Test func itIsTrainedAndLoaded() async throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let trained = try await ImageClassifier.train(
      trainingData: Self.data(), parameters: Self.parameters(), runDirectory: run)
    let network = trained.configuration.classifier.network
    #expect(network.name == "colour" && network.units == 5)
    #expect(
      network.mapShape.map { [$0.height, $0.width, $0.channels] } == [12, 12, 3]
        && network.classes == trained.classes.count)
    let report = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
    #expect(report.contains("Units") && report.contains("colour"))
    let weights = try Weights(contentsOf: run.appending(path: "weights.safetensors"))
    let start = try trained.configuration.classifier.pictureModel().initialWeights(
      key: RandomKey(seed: Self.parameters().training.seed))
    #expect(weights.arrays.keys.sorted() == start.arrays.keys.sorted())
    #expect(weights["hidden.weight"] != start["hidden.weight"])
    let catalog = NetworkCatalog.builtIn.adding(ColourFamily())
    #expect(catalog.names == NetworkCatalog.builtIn.names + ["colour"])
    let loaded = try ImageClassifier(contentsOf: run, networks: catalog)
    let picture = try Picture(
      width: 12, height: 12, channels: 3, pixels: [UInt8](repeating: 90, count: 432))
    #expect(
      try await loaded.prediction(from: picture) == trained.prediction(from: picture))
    let again = try await ImageClassifier.train(
      trainingData: Self.data(), parameters: Self.parameters(), runDirectory: run, resuming: true)
    #expect(try await again.prediction(from: picture) == trained.prediction(from: picture))
    let error = #expect(throws: InputError.self) { try ImageClassifier(contentsOf: run) }
    #expect(error?.problem.contains("there is no model called colour") == true)
  }

  @Test func aBadOptionIsRefusedAsTheFamilySays() async throws {
    var parameters = Self.parameters()
    parameters.network.units = 0
    let error = await #expect(throws: InputError.self) {
      try await ImageClassifier.train(trainingData: Self.data(), parameters: parameters)
    }
    #expect(error?.problem == "model colour: no units")
  }

  /// What would be refused when its run is read is no network to train.
  @Test func optionsOfAnotherFamilyAreRefusedBeforeTraining() throws {
    let network = NetworkDescription(RecurrentFamily(.gru), RecurrentClassifier.Options())
    let error = #expect(throws: InputError.self) { try network.check() }
    let inTraining = #expect(throws: InputError.self) { try network.checkSettings() }
    #expect(error != nil && inTraining?.problem == error?.problem)
  }

  @Test func aNameThatExistsIsTakenByTheNewOne() throws {
    struct Renamed: MapFamily {
      let name = "cnn"
      let defaults = ColourFamily.Options()
      let settings: [NetworkSetting<ColourFamily.Options>] = []
      func check(_ options: ColourFamily.Options) throws {}
      func network(
        _ options: ColourFamily.Options, mechanisms: AttentionCatalog
      ) throws -> any Layer { try ColourFamily().network(options, mechanisms: mechanisms) }
    }
    let catalog = NetworkCatalog.builtIn.adding(Renamed())
    #expect(catalog.names == NetworkCatalog.builtIn.names)
    #expect(try NetworkDescription(named: "cnn", in: catalog).hidden == nil)
  }
}

extension SettingNames {
  fileprivate var units: SettingName<Int> { "units" }
}
