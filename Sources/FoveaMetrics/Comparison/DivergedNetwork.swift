/// A network of a comparison whose training came to numbers that are not finite.
public struct DivergedNetwork: Hashable, Sendable, Codable {
  /// Which of the seed's networks.
  public let arm: Arm
  /// The seed's name.
  public let seed: String
  /// The epoch in which it diverged, counted from 1; absent where it is not known.
  public let epoch: Int?
  /// The step after which it showed, counted from 1; absent where it is not known.
  public let step: Int?
  /// Whether it is scored by an epoch before; one that has no answers counts as wrong on every item.
  public let isScored: Bool

  /// A network that diverged.
  public init(_ arm: Arm, seed: String, epoch: Int? = nil, step: Int? = nil, isScored: Bool) {
    self.arm = arm
    self.seed = seed
    self.epoch = epoch
    self.step = step
    self.isScored = isScored
  }

  /// `augmented with seed 6 in epoch 2 (scored by an epoch before)`
  package var text: String {
    "\(arm.rawValue) with seed \(seed)" + (epoch.map { " in epoch \($0)" } ?? "")
      + (isScored ? " (scored by an epoch before)" : " (no answers: every item counts as wrong)")
  }
}

extension [DivergedNetwork] {
  /// What is said of them in one sentence; `nil` where there are none.
  package var sentence: String? {
    isEmpty
      ? nil
      : "Diverged, as numbers were no longer finite: "
        + "\(map(\.text).joined(separator: ", ")). Give a smaller learning rate."
  }

  /// Whether one of them has no answers, so that nothing can be proven.
  package var leavesOpen: Bool { contains { !$0.isScored } }
}
