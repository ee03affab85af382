package import FoveaArray

/// A way to make a map.
package protocol MapMethod {
  /// Evidence for a class over the places of the input; larger is more, negative is against.
  ///
  /// - Returns: `[height, width]`, row-major.
  /// - Throws: `InputError` where the network does not have what the method reads.
  func values(
    of picture: InputPicture, target: Int, in network: ExplainedNetwork
  ) throws -> Plane
}

extension HighlightMethod {
  /// The method with these settings.
  package func maker(_ settings: HighlightSettings, key: RandomKey) -> any MapMethod {
    switch self {
    case .attention: AttentionMap()
    case .attentionGradient: AttentionGradientMap()
    case .gradCAM: GradCAM()
    case .integratedGradients:
      IntegratedGradients(baseline: .mean, steps: settings.integrationSteps)
    case .integratedGradientsBlurred:
      IntegratedGradients(baseline: .blurred, steps: settings.integrationSteps)
    case .occlusion: Occlusion()
    case .rise: RISE(maskCount: settings.maskCount, key: key.folding("masks"))
    }
  }
}

extension ExplainedNetwork {
  /// Runs a pass over one picture.
  package func outputs(
    of pass: NetworkPass, picture: InputPicture, target: Int
  ) throws -> [String: ArraySlice<Float>] {
    var result: [String: ArraySlice<Float>] = [:]
    try run(pass, count: 1, target: target, picture: { _ in picture.values }) { result = $1 }
    return result
  }
}
