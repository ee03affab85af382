import FoveaArray
package import FoveaData
import FoveaMetrics
import FoveaNN

extension Explainer {
  /// What a network says of one frame and where it looks, without scores.
  package struct FrameExplanation: Sendable {
    /// The probability of each class.
    package let probabilities: [Float]
    /// The evidence over the frame's places.
    package let map: HighlightMap
  }

  /// Explains a frame of a video without scores, which take hundreds of forward passes.
  ///
  /// - Throws: `InputError` as for highlights.
  package func frame(
    _ picture: Picture, method: HighlightMethod, class label: String? = nil
  ) throws -> FrameExplanation {
    try settings.check()
    let classIndex = try label.map { try Self.index(of: $0, among: classes) }
    let shown = InputPicture(try input.prepared(picture), network.input)
    let probabilities = try network.probabilities(of: shown)
    let maker = method.maker(settings, key: RandomKey(seed: settings.seed))
    let plane = try maker.values(
      of: shown, target: classIndex ?? probabilities.indexOfLargest, in: network)
    guard plane.values.allSatisfy(\.isFinite) else { throw InputError.notFinite("the map") }
    return FrameExplanation(
      probabilities: probabilities,
      map: HighlightMap(
        width: plane.width, height: plane.height, values: plane.values,
        frame: PictureFrame(
          pictureWidth: picture.width, pictureHeight: picture.height, input: input)))
  }
}
