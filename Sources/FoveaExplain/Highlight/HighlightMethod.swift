/// A way to find out where a network looked.
public enum HighlightMethod: String, Hashable, Sendable, Codable, CaseIterable {
  /// What each place receives of the attention paid by all places.
  case attention
  /// The same, weighted by the gradient of the class's score.
  case attentionGradient = "attention-gradient"
  /// The last map before the head, each channel weighted by its gradient.
  case gradCAM = "grad-cam"
  /// Gradients gathered on the way from the mean training picture to the picture.
  case integratedGradients = "integrated-gradients"
  /// Gradients gathered on the way from the blurred picture to the picture.
  case integratedGradientsBlurred = "integrated-gradients-blurred"
  /// What is lost where a window is covered.
  case occlusion
  /// The mean of random masks, weighted by the score that they leave.
  case rise

  /// Whether the method reads attention weights, which not every network has.
  public var needsAttention: Bool { self == .attention || self == .attentionGradient }
}
