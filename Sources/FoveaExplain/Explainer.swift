import FoveaArray
package import FoveaData

/// Makes highlights of pictures: prediction, map, regions, scores, verdict.
///
/// Everything follows from the network, the settings and the picture. Belongs to the thread that
/// made it, like a session.
package final class Explainer {
  package let network: ExplainedNetwork
  package let classes: [String]
  package let input: PictureInput
  package let settings: HighlightSettings

  package init(
    _ network: ExplainedNetwork, classes: [String], input: PictureInput,
    settings: HighlightSettings = HighlightSettings()
  ) {
    self.network = network
    self.classes = classes
    self.input = input
    self.settings = settings
  }

  /// What is asked of a picture.
  package struct Request: Sendable {
    /// Several give a highlight each.
    package var methods: [HighlightMethod]
    /// The class to explain; the predicted one where not given.
    package var label: String?
    /// What is known to matter in the picture.
    package var truth: Truth?
    /// What is known of the run's methods.
    package var study: HighlightStudy?
    /// Why nothing of the network is judged, where that is so.
    package var doubt: String?

    package init(
      methods: [HighlightMethod], label: String? = nil, truth: Truth? = nil,
      study: HighlightStudy? = nil, doubt: String? = nil
    ) {
      self.methods = methods
      self.label = label
      self.truth = truth
      self.study = study
      self.doubt = doubt
    }
  }

  /// Highlights of a picture in its original size, one for each method.
  ///
  /// - Throws: `InputError` for settings that cannot be, a class that does not exist, a method that
  ///   the network cannot serve, or a picture without pixels; `CancellationError`.
  package func highlights(of picture: Picture, _ request: Request) throws -> [Highlight] {
    try settings.check()
    let classIndex = try request.label.map { try Self.index(of: $0, among: classes) }
    let prepared = try input.prepared(picture)
    var example = try ExplainedExample(
      InputPicture(prepared, network.input), in: network, classes: classes, target: classIndex,
      settings: settings,
      key: RandomKey(seed: settings.seed).folding(contentOf: prepared.pixels),
      frame: PictureFrame(
        pictureWidth: picture.width, pictureHeight: picture.height, input: input))
    example.mark(request.truth)
    let contrast = example.shown.localContrast
    let contrastTruth = example.truthScore(of: example.map(contrast))
    return try request.methods.map { method in
      let found = try example.scored(against: [contrast]) { try example.values(method, of: $0) }
      return Highlight(
        prediction: example.prediction, explained: example.explained, method: method,
        map: found.map, regions: RegionFinder.regions(of: found.map), scores: found.scores,
        localContrast: HighlightControl(found.controls[0], contrastTruth),
        verdict: HighlightVerdict(
          isConstant: found.map.isConstant, scores: found.scores,
          weightCorrelation: request.study?.result(of: method)?.finalCorrelation,
          controls: [("local contrast", found.controls[0])], doubt: request.doubt),
        cost: found.cost)
    }
  }

  /// The methods that the network can serve.
  package func availableMethods() throws -> [HighlightMethod] {
    let black = InputPicture(
      Picture(
        width: input.width, height: input.height, channels: input.channels.rawValue,
        made: [UInt8](repeating: 0, count: input.byteCount)), network.input)
    return try network.availableMethods(on: black.mean, settings)
  }

  /// The index of a class by name.
  ///
  /// - Throws: `InputError` that lists the classes.
  @discardableResult
  package static func index(of label: String, among classes: [String]) throws -> Int {
    guard let index = classes.firstIndex(of: label) else {
      throw InputError(
        "there is no class called \(label)",
        advice: "The run has \(classes.joined(separator: ", "))")
    }
    return index
  }
}
