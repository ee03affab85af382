import FoundationEssentials
import FoveaArray

/// A kind of file that Fovea reads: how it is changed, and the code that reads it.
struct Kind: Sendable {
  typealias Mutation = @Sendable (_ seed: [UInt8], inout Dice) -> [UInt8]

  let name: String
  /// The file within the seed's folder; `nil` where the seed is the file itself.
  let target: String?
  let changed: Mutation
  /// Reads a changed file, or the folder that it lies in, as the command would.
  ///
  /// What a file can cause is an `InputError`; anything else that is thrown is a fault.
  let read: @Sendable (URL) async throws -> Void

  init(
    _ name: String, target: String? = nil, changed: @escaping Mutation,
    read: @escaping @Sendable (URL) async throws -> Void
  ) {
    self.name = name
    self.target = target
    self.changed = changed
    self.read = read
  }

  static let all = pictures + sounds + tables + models + runs

  /// The bytes of a mutant, the same on every machine.
  ///
  /// - Returns: them, and which seed they were made from.
  func mutant(_ number: Int, seeds: [[UInt8]], run seed: UInt64) -> (seed: Int, bytes: [UInt8]) {
    var dice = Dice(RandomKey(seed: seed).folding(name).folding(number))
    let index = dice.below(seeds.count)
    // The first are as they are: a seed that is not read would find nothing.
    if number < seeds.count { return (number, seeds[number]) }
    return (index, changed(seeds[index], &dice))
  }
}

/// What was read is not what may go on.
struct Fault: Error, CustomStringConvertible {
  let description: String

  /// Fails where a number is none.
  static func check(_ numbers: some Sequence<Double>, _ what: String) throws {
    if numbers.contains(where: { !$0.isFinite }) {
      throw Fault(description: "\(what) is not finite")
    }
  }
}
