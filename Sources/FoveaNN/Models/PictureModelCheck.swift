/// What every network for pictures asks of its options.
enum PictureModelCheck {
  /// Fails unless pictures of this kind can be told apart.
  ///
  /// - Throws: `InputError` that names the model.
  static func pictures(
    _ height: Int, _ width: Int, _ channels: Int, _ classes: Int, smallest: Int, model: String
  ) throws {
    guard min(height, width) >= smallest else {
      throw InputError(
        "model \(model): pictures of \(width)×\(height) pixels are too small",
        advice: "It needs at least \(smallest)×\(smallest)")
    }
    guard [1, 3].contains(channels) else {
      throw InputError(
        "model \(model): \(channels) channels are not possible",
        advice: "Choose 1 (grey) or 3 (colour)")
    }
    guard classes >= 2 else {
      throw InputError(
        "model \(model): \(classes) \(classes == 1 ? "class" : "classes") cannot be told apart",
        advice: "Give at least two")
    }
    try NetworkLimits.check(
      model,
      [
        ("a picture's height", height, NetworkLimits.side),
        ("a picture's width", width, NetworkLimits.side),
        ("a number of classes", classes, NetworkLimits.classes),
      ])
  }

  /// Fails when a mechanism cannot look at so many positions.
  ///
  /// - Throws: `InputError` that names the model and the mechanism.
  static func positions(
    _ count: Int, of attention: any AttentionMechanism, named name: String, model: String
  ) throws {
    guard let most = attention.mostPositions, count > most else { return }
    throw InputError(
      "model \(model): attention \(name) looks at no more than \(most) places, and here it would "
        + "have \(count)",
      advice: """
        Choose a smaller \(.imageSize), or an attention whose cost does not grow with the square of \
        the places, such as cbam, linear or local
        """)
  }

  /// Traps when a network is given pictures that it was not made for.
  static func shape(
    _ x: Tensor, _ channels: Int, _ height: Int, _ width: Int, model: String,
    _ file: StaticString, _ line: UInt
  ) {
    require(
      Array(x.shape.sizes.dropFirst()) == [channels, height, width],
      "\(model): made for [batch, \(channels), \(height), \(width)], not \(x.shape)", file: file,
      line: line)
  }
}
