public import FoundationEssentials
import FoveaArray

/// A network's numbers at rest, by the paths of its parameters.
public struct Weights: Hashable, Sendable {
  /// The arrays.
  public var arrays: [String: HostArray]

  /// Weights made of arrays by path.
  public init(_ arrays: [String: HostArray] = [:]) { self.arrays = arrays }

  /// The array of the parameter at a path.
  public subscript(path: String) -> HostArray? {
    get { arrays[path] }
    set { arrays[path] = newValue }
  }

  /// The largest magnitude of a weight that can be computed with: the square of a larger one is not
  /// finite.
  package static let largestMagnitude: Float = 1e18

  /// Whether every number is finite.
  package var isFinite: Bool {
    arrays.values.allSatisfy { $0.firstNumber(beyond: .greatestFiniteMagnitude) == nil }
  }

  /// The same, with logits divided by a temperature: the last layer is linear.
  package func calibrated(by temperature: Double, head: String) -> Weights {
    var weights = self
    for (path, array) in arrays where path.hasPrefix(head) {
      weights[path] = HostArray(
        array.shape, array.floats.map { Float(Double($0) / temperature) })
    }
    return weights
  }

  /// Reads a safetensors file.
  ///
  /// - Throws: `InputError` when the file cannot be read or is malformed, or an array holds what is not
  ///   a number or too large to compute with; the array is named.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    arrays = [:]
    try MachineMemory.require(
      SizeArithmetic.sum(file.entries.map(\.bytes.count)), for: "the file", at: url.path,
      advice: "Load it on a machine with more")
    for entry in file.entries {
      arrays[entry.name] = try file.numbers(entry.name, upTo: Self.largestMagnitude)
    }
  }

  /// Writes a safetensors file that is whole at every moment.
  ///
  /// - Throws: `InputError` when the file cannot be written.
  public func write(to url: URL, metadata: [String: String] = [:]) throws {
    try Safetensors.write(arrays, metadata: metadata, to: url)
  }

  /// Fails unless there is exactly one array of the right shape for each of the network's
  /// parameters.
  ///
  /// - Throws: `InputError` that names the first parameter concerned.
  public func check(against network: some Module, at place: String? = nil) throws {
    let parameters = network.parameters
    for named in parameters {
      guard let array = arrays[named.path] else {
        throw InputError("holds no weights called \(named.path)", at: place)
      }
      guard array.type == ArrayType(named.parameter.shape) else {
        throw InputError(
          "\(named.path) is \(array.type), the network needs float32\(named.parameter.shape)",
          at: place)
      }
    }
    let known = Set(parameters.map(\.path))
    if let stranger = arrays.keys.filter({ !known.contains($0) }).min() {
      throw InputError("holds \(stranger), which the network does not have", at: place)
    }
  }
}
