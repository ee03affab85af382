/// The largest sizes that a network may have: far beyond what anybody trains, so that a description from
/// elsewhere is refused before anything of its size is made, and no product of its sizes overflows.
package enum NetworkLimits {
  /// Channels, hidden units, numbers in a vector: GPT-3's vectors have 12,288 (Brown et al. 2020).
  package static let width = 65_536
  /// Layers of a Transformer: twice what the largest known have. A plan's compilation grows with the
  /// square.
  package static let layers = 256
  /// Layers of a residual network: 6 · 50 + 2, of which those of He et al. 2016 but the last have 110.
  package static let depth = 302
  /// Rows and columns of a picture, or of features as one: 256 bands of 32 frames together.
  package static let side = 8_192
  /// Sides of a convolution's window.
  package static let kernelSize = 63
  /// Classes, or words.
  package static let classes = 1_000_000
  /// Tokens that are known.
  package static let vocabulary = 1 << 24
  /// Positions of a text.
  package static let length = 1 << 20
  /// Units between the dense layers of a Transformer's layer.
  package static let inner = 4 * width

  /// Fails for sizes above their limits; what is too small each network says itself.
  ///
  /// - Throws: `InputError` that names the model, the size and the limit.
  static func check(_ model: String, _ sizes: [(name: String, size: Int, limit: Int)]) throws {
    for (name, size, limit) in sizes where size > limit {
      throw InputError(
        "model \(model): \(name) of \(NumberText.count(size)) is over the limit of "
          + NumberText.count(limit),
        advice: "Give a smaller number")
    }
  }
}

extension TransformerLayer.Style {
  /// Fails for what no layer can compute with.
  ///
  /// - Throws: `InputError` that names the model.
  func check(_ model: String) throws {
    guard epsilon > 0, epsilon <= 1 else {
      throw InputError(
        "model \(model): \(epsilon) cannot be added to a variance",
        advice: "It lies above 0, up to 1; usual is 1e-5")
    }
    guard hidden.map({ $0 > 0 }) ?? true else {
      throw InputError(
        "model \(model): \(hidden ?? 0) units between dense layers are not possible",
        advice: "Give a positive number")
    }
    try NetworkLimits.check(
      model, [("a number of units between dense layers", hidden ?? 1, NetworkLimits.inner)])
  }
}
