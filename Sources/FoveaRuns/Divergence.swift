package import FoveaArray

/// Where a training came to numbers that are not finite, so that it could not go on.
public struct Divergence: Hashable, Sendable, Codable {
  /// What was no longer finite.
  public enum Quantity: String, Hashable, Sendable, Codable, CaseIterable {
    /// The loss of a batch.
    case trainingLoss
    /// The norm of a step's gradients.
    case gradient
    /// Weights.
    case weights
    /// What the network says of validation examples.
    case validation
    /// What it says of test examples.
    case test

    /// For people.
    package var title: String {
      switch self {
      case .trainingLoss: "the training loss"
      case .gradient: "the gradient"
      case .weights: "a weight"
      case .validation: "the validation loss"
      case .test: "an answer to a test example"
      }
    }
  }

  /// The epoch under way, counted from 1.
  public var epoch: Int
  /// The step after which it showed, counted from 1 since the run began.
  public var step: Int
  /// What was no longer finite.
  public var quantity: Quantity
  /// The epoch whose weights are kept; absent where none had ended with finite numbers.
  public var keptEpoch: Int?

  /// A divergence at a step.
  public init(epoch: Int, step: Int, quantity: Quantity, keptEpoch: Int? = nil) {
    self.epoch = epoch
    self.step = step
    self.quantity = quantity
    self.keptEpoch = keptEpoch
  }

  /// `training diverged in epoch 3: the training loss is not a finite number after step 41`
  package var sentence: String {
    "training diverged in epoch \(epoch): \(quantity.title) is not a finite number after step \(step)"
  }

  /// What became of the weights.
  package var outcome: String {
    keptEpoch.map { "the weights of epoch \($0) are kept" }
      ?? "no epoch had ended before, so there are no weights to keep"
  }

  /// What can be done about it.
  package static let advice = "Give a smaller learning rate"

  /// For people, in whole sentences.
  package var note: String {
    "\(sentence.prefix(1).uppercased())\(sentence.dropFirst()). "
      + "\(outcome.prefix(1).uppercased())\(outcome.dropFirst()). \(Self.advice)."
  }

  /// What is said of a run that has no weights for it.
  package func error(at place: String? = nil) -> InputError {
    InputError("\(sentence); \(outcome)", at: place, advice: Self.advice)
  }
}
