import Foundation
import FoveaArray
import FoveaNN
import FoveaTestSupport
import Testing

/// Families by name, their settings, and what is stored of a network.
struct NetworkFamilyTests {
  // MARK: Settings

  /// Values that are no default.
  private static let values: [String: any SettingValue] = [
    "attention": "none", "attention-after": 1, "kernel-sizes": [5, 7], "widths": [6, 7],
    "hidden": 7, "forward-only": true, "head": CNN.Head.mean, "depth": 8, "patch-size": 2,
    "token-width": 12, "heads": 6, "layer-count": 5, "norm": TransformerLayer.Norm.after,
  ]

  private static func equal(_ a: (any SettingValue)?, _ b: (any SettingValue)?) -> Bool {
    a.map { AnyHashable($0) } == b.map { AnyHashable($0) }
  }

  /// A setting changes itself and nothing else, and what is changed differs from what was.
  @Test(arguments: NetworkCatalog.builtIn.names)
  func everySettingChangesItselfAlone(_ name: String) throws {
    let usual = try NetworkDescription(named: name)
    let own = Self.values.keys.filter { usual[setting: $0] != nil }
    #expect(own.contains("attention"))
    for setting in own {
      var network = usual
      network[setting: setting] = Self.values[setting]
      for other in Self.values.keys {
        let expected = other == setting ? Self.values[other] : usual[setting: other]
        #expect(Self.equal(network[setting: other], expected), "\(setting), \(other)")
      }
      let isChanged = !Self.equal(usual[setting: setting], Self.values[setting])
      #expect((network != usual) == isChanged, "\(setting)")
      #expect(isChanged || setting == "attention", "\(setting)")
    }
  }

  @Test func whatANetworkDoesNotHaveIsLeftAlone() throws {
    let usual = try NetworkDescription(named: "vit")
    var network = usual
    (network.depth, network.kernelSizes, network.hidden) = (8, [3, 3], 4)
    #expect(network == usual && network.depth == nil)
    network.tokenWidth = nil
    #expect(network.tokenWidth == 192)
    network[setting: "heads"] = "many"
    #expect(network.heads == 3)
    network.tokenWidth = 24
    #expect(network.tokenWidth == 24 && network != usual)
  }

  @Test func valuesAreReadAsTheyAreWritten() {
    #expect([Int](settingText: "5,3") == [5, 3])
    #expect([Int](settingText: "5,,3") == nil && [Int](settingText: "5,x") == nil)
    #expect(Int(settingText: "-3") == -3 && Int(settingText: "3.5") == nil)
    #expect(CNN.Head(settingText: "mean") == .mean && CNN.Head(settingText: "most") == nil)
    #expect(TransformerLayer.Norm.choices == ["before", "after"])
    for value in Self.values.values {
      #expect(Self.equal(type(of: value).init(settingText: value.settingText), value))
    }
  }

  @Test func helpSaysWhoHasASettingAndItsDefaultThere() {
    let catalog = NetworkCatalog.builtIn
    #expect(
      catalog.help(on: "hidden", naming: \.swiftName)
        == "cnn: outputs of the first dense layer (default: 128); lstm, gru: numbers in a state of "
        + "each direction (default: 128); lstm-ctc, gru-ctc: numbers in a state of each direction "
        + "(default: 96).")
    #expect(catalog.names(having: "widths") == ["cnn", "resnet"])
    #expect(catalog.names(having: "bends").isEmpty)
  }

  @Test func aReportNamesWhatWasChosen() throws {
    var network = try NetworkDescription(named: "cnn")
    (network.kernelSizes, network.hidden, network.attentionAfter) = ([5, 3], 1024, 1)
    #expect(
      network.reportRows.map { "\($0.title): \($0.text)" } == [
        "Network: cnn", "Attention: augmented, after pooling 1",
        "Windows of convolutions: 5×5, 3×3",
        "Channels of convolutions: 32, 64", "Hidden outputs: 1,024",
        "Head: flatten: every place is a feature",
      ])
    let others = try ["gru", "transformer", "lstm-ctc", "bag"].map {
      try NetworkDescription(named: $0).reportRows.map { "\($0.title): \($0.text)" }
    }
    #expect(
      others == [
        ["Network: gru, both directions", "Attention: additive, over the states", "State: 128"],
        [
          "Network: transformer", "Attention: multihead, in every layer", "Token width: 64",
          "Heads: 4", "Layers: 2", "Normalisation: before each part",
        ],
        [
          "Network: lstm-ctc, both directions, a word or none at each step",
          "Attention: multihead, over the states", "State: 96", "Heads: 4",
        ],
        ["Network: bag", "Token width: 64"],
      ])
  }

  // MARK: Shapes

  /// A network reads what its kind says, and refuses the rest by name.
  @Test(arguments: NetworkCatalog.builtIn.names) func aNetworkIsFittedToData(
    _ name: String
  ) throws {
    let network = try NetworkDescription(named: name)
    let frames = try network.fitted(to: .frames(features: 24, count: 20), classes: 5)
    #expect(frames.classes == 5 && frames.name == name)
    if network.readsSequences {
      #expect(frames.features == 24 && frames.mapShape == nil)
      #expect(throws: InputError.self) {
        try network.fitted(to: .map(height: 16, width: 16, channels: 3), classes: 5)
      }
      let texts = try network.fitted(to: .tokens(count: 9), classes: 5)
      #expect(texts.features == (name == "transformer" ? network.tokenWidth : network.features))
    } else {
      #expect(frames.features == nil)
      #expect(try #require(frames.mapShape) == (24, 20, 1))
      let error = #expect(throws: InputError.self) {
        try network.fitted(to: .tokens(count: 9), classes: 5)
      }
      #expect(error?.problem == "model \(name) reads pictures, not texts")
    }
    try network.checkSettings()
  }

  // MARK: What is stored

  /// As runs hold them.
  private static let stored = [
    #"{"name":"cnn","options":{"attention":"augmented","attentionAfter":2,"channels":3,"classes":2,"head":"mean","height":16,"hidden":9,"kernelSizes":[5,3],"width":16,"widths":[4,8]}}"#,
    #"{"name":"resnet","options":{"attention":"cbam","channels":3,"classes":2,"depth":8,"height":16,"width":16,"widths":[16,32,64]}}"#,
    #"{"name":"vit","options":{"attention":"multihead","channels":3,"classes":2,"heads":3,"height":16,"layers":1,"patch":8,"tokenWidth":12,"width":16}}"#,
    #"{"name":"lstm","options":{"attention":"additive","cell":"lstm","classes":2,"features":40,"hidden":10,"poolHidden":12,"readsForward":true}}"#,
    #"{"name":"gru","options":{"attention":"additive","cell":"gru","classes":2,"features":40,"hidden":128,"poolHidden":128}}"#,
    #"{"name":"transformer","options":{"attention":"multihead","classes":2,"features":40,"heads":2,"layers":2,"style":{"activation":"gelu","epsilon":0.0625,"hidden":9,"normalizesAfter":true},"width":64}}"#,
    #"{"name":"bag","options":{"attention":"none","classes":2,"features":12}}"#,
    #"{"name":"lstm-ctc","options":{"attention":"multihead","cell":"lstm","features":160,"heads":4,"hidden":96,"words":3}}"#,
    #"{"name":"gru-ctc","options":{"attention":"multihead","cell":"gru","features":160,"heads":2,"hidden":12,"words":3}}"#,
    #"{"name":"transformer-ctc","options":{"attention":"multihead","features":160,"heads":4,"layers":4,"width":16,"words":3}}"#,
  ]

  /// What earlier runs hold is read, and written again to the same bytes.
  @Test func whatIsStoredKeepsItsForm() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var names: [String] = []
    for text in Self.stored {
      let network = try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8))
      #expect(String(decoding: try encoder.encode(network), as: UTF8.self) == text)
      names.append(network.name)
    }
    #expect(names == NetworkCatalog.builtIn.names)
  }

  @Test(arguments: [
    ("\"lstm\",\"options\"", "\"gru\",\"options\"", "those of another: its cell is lstm"),
    ("\"cnn\"", "\"perceptron\"", "there is no model called perceptron"),
    ("\"hidden\":9,", "", "hidden"), ("\"heads\":3", "\"heads\":5", "5 heads do not divide"),
  ])
  func whatCannotBeIsRefused(_ old: String, _ new: String, _ reason: String) throws {
    let text = try #require(Self.stored.first { $0.contains(old) }).replacing(old, with: new)
    let error = #expect(throws: (any Error).self) {
      try JSONDecoder().decode(NetworkDescription.self, from: Data(text.utf8))
    }
    #expect("\(try #require(error))".contains(reason))
  }

  // MARK: Who may ask

  private static var sources: [(path: String, lines: [Substring])] {
    get throws {
      let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
      let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".swift") }.sorted()
      return try paths.map { path in
        let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        return (path, text.split(separator: "\n"))
      }
    }
  }

  /// Outside its file a family is not told from others: no name of one is written, none is compared with,
  /// no type of one is asked for. What is taken where nobody chose stands in one file.
  @Test func nothingAsksWhichNetworkItIs() throws {
    let names = NetworkCatalog.builtIn.names.joined(separator: "|")
    let types =
      "CNN|ResNet|ViT|RecurrentClassifier|FrameEncoder|BagOfWords|RecurrentTranscriber"
      + "|TransformerTranscriber"
    let written = try Regex("\"(\(names))\"")
    let asked = try Regex("\\b(as[?!]|is) (\(types))\\b|\\b(as[?!]|is) \\w+Family\\b")
    let named = try Regex(
      "\\b(CNN|ResNet|ViT|Recurrent|Transformer|Bag|RecurrentTranscriber|TransformerTranscriber)"
        + "Family\\b")
    var families = 0
    for (path, lines) in try Self.sources {
      if path.hasPrefix("FoveaNN/Families/") { families += 1 }
      for line in lines where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        // A network's own code names it in its errors, and benchmarks have names like networks.
        if !path.hasPrefix("FoveaNN/"), !path.contains("/Workloads/") {
          #expect(line.firstMatch(of: written) == nil, "\(path): \(line)")
        }
        #expect(line.firstMatch(of: asked) == nil, "\(path): \(line)")
        if !path.hasPrefix("FoveaNN/Families/"), path != "FoveaRuns/UsualNetwork.swift" {
          #expect(line.firstMatch(of: named) == nil, "\(path): \(line)")
        }
      }
    }
    #expect(families > 10)
  }
}
