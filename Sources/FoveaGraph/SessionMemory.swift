/// Memory that sessions take, asked for before it is taken.
enum SessionMemory {
  /// What is smaller than this is not worth asking the system about.
  private static let noticeable = 1 << 26

  /// - Throws: `InputError` where the machine has not so much.
  static func require(_ bytes: Int) throws {
    guard bytes >= noticeable else { return }
    try MachineMemory.require(
      bytes, for: "a batch of this network",
      advice: "Give smaller batches, smaller or shorter examples, or a smaller network")
  }
}
