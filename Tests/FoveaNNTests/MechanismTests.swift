import FoveaArray
import FoveaGraph
import FoveaNN
import FoveaTestSupport
import Glibc
import Testing

/// What holds for every built-in mechanism.
struct MechanismTests {
  private let key = RandomKey(seed: 3)

  static let names = AttentionCatalog.builtIn.names.filter { !AttentionCatalog.isControl($0) }

  @Test func theseAreTheMechanisms() {
    #expect(
      Self.names == [
        "additive", "augmented", "cbam", "coordinate", "eca", "linear", "local", "multihead",
        "nonlocal", "se",
      ])
  }

  /// Trained parameters at 64 channels, as the documentation's formulas give them.
  @Test(arguments: [
    ("additive", 2 * 64 * 16 + 2 * 16), ("augmented", 3 * 4160),
    ("cbam", 2 * 64 * 8 + 8 + 64 + 99), ("coordinate", 3 * 64 * 8 + 3 * 8 + 2 * 64), ("eca", 3),
    ("linear", 4 * 4160), ("local", 4 * 4160), ("multihead", 4 * 4160),
    ("nonlocal", 4 * 64 * 32 + 3 * 32 + 64), ("se", 2 * 64 * 4 + 4 + 64),
  ])
  func costsAndTheControlAreAsStated(name: String, parameters: Int) throws {
    let catalog = AttentionCatalog.builtIn
    #expect(try catalog.mechanism(name, width: 64).parameterCounts.trained == parameters)
    let control = try catalog.mechanism(AttentionCatalog.control(of: name), width: 64)
    #expect(control.parameterCounts.trained == parameters)
    #expect(control is MatchedControl == (name == "augmented"))
    // The control sees each position alone.
    let x = numbers([1, 4, 64], seed: 71)
    let weights = formulaWeights(control)
    let whole = try attend(control, x, weights)
    let alone = try attend(
      control, HostArray([1, 1, 64], Array(x.floats[64..<128])), weights)
    expectClose(
      alone.host(.float32), Array64([1, 1, 64], Array(whole.values[64..<128])), absolute: 1e-5)
  }

  @Test(arguments: names) func whatAttendingAddsIsTheDifference(name: String) throws {
    let mechanism = try AttentionCatalog.builtIn.mechanism(name, width: 16)
    let weights = formulaWeights(mechanism)
    for shape in [[2, 6, 16], [2, 16, 4, 3]] as [Shape] {
      let x = numbers(shape, seed: 72)
      let graph = Graph(for: mechanism, mode: .inference)
      let input = graph.input("x", x.type)
      let change =
        shape.rank == 4 ? mechanism.change(map: input) : mechanism.change(sequence: input)
      let found = try #require(change).value(inputs: ["x": x], variables: weights.arrays)
      let whole = try attend(mechanism, x, weights)
      expectClose(found, try Array64.zip(whole, x.doubles, -), absolute: 1e-5)
    }
  }

  /// Items of a batch do not see each other.
  @Test(arguments: names) func anItemIsAttendedAlone(name: String) throws {
    let mechanism = try AttentionCatalog.builtIn.mechanism(name, width: 16)
    let weights = formulaWeights(mechanism)
    let x = numbers([3, 16, 4, 4], seed: 73)
    let whole = try attend(mechanism, x, weights)
    let second = try attend(
      mechanism, HostArray([1, 16, 4, 4], Array(x.floats[256..<512])), weights)
    expectClose(
      second.host(.float32), Array64([1, 16, 4, 4], Array(whole.values[256..<512])), absolute: 1e-5)
  }

  /// The difference quotient of Σ y² along a direction of all weights and of x, in training.
  @Test(arguments: names) func theGradientIsTheSlope(name: String) throws {
    let mechanism = try AttentionCatalog.builtIn.mechanism(name, width: 16)
    let weights = formulaWeights(mechanism)
    let x = numbers([2, 16, 4, 3], seed: 74)
    let graph = Graph(for: mechanism, mode: .training)
    let input = graph.input("x", x.type)
    let loss = mechanism.attending(map: input).sumOfSquares() * 0.01
    let trained = mechanism.parameters.filter(\.parameter.isTrained)
    let gradients = loss.gradients(
      withRespectTo: [input] + trained.map { graph[$0.parameter] })
    var outputs = ["loss": loss]
    for (index, gradient) in gradients.enumerated() { outputs["\(index)"] = gradient }
    let plan = try graph.compile(outputs: outputs)
    func run(_ step: Float) throws -> [String: HostArray] {
      func moved(_ array: HostArray, _ seed: Int) -> HostArray {
        let direction = numbers(array.shape, seed: seed).floats
        return HostArray(array.shape, zip(array.floats, direction).map { $0 + step * $1 })
      }
      var arrays = weights.arrays
      for (index, named) in trained.enumerated() {
        arrays[named.path] = try moved(#require(arrays[named.path]), 91 + index)
      }
      return try Session(plan, variables: arrays).run(["x": moved(x, 90)])
    }
    let middle = try run(0)
    var slope = 0.0
    for index in gradients.indices {
      let gradient = try #require(middle["\(index)"]).doubles.values
      let direction = numbers(gradients[index].shape, seed: 90 + index).doubles.values
      slope += zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let step = 2e-3
    let ahead = Double(try #require(run(Float(step))["loss"]).scalar)
    let behind = Double(try #require(run(-Float(step))["loss"]).scalar)
    let quotient = (ahead - behind) / (2 * step)
    #expect(abs(quotient - slope) < 5e-3 + 0.02 * abs(slope), "\(quotient) for \(slope)")
  }
}
