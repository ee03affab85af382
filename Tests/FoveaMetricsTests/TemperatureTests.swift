import FoveaArray
import FoveaMetrics
import Glibc
import Testing

struct TemperatureTests {
  /// Logits whose softmax says how often each class is right, and labels drawn from it.
  private func drawn(_ count: Int, classes: Int = 4) -> (logits: [[Float]], labels: [Int]) {
    let key = RandomKey(seed: 7)
    var (logits, labels): ([[Float]], [Int]) = ([], [])
    for item in 0..<count {
      let key = key.folding(item)
      let item = (0..<classes).map { Float(key.folding($0).value % 4_000) / 1_000 }
      var left = Double(key.folding("label").value % 1_000_003) / 1_000_003
      let probabilities = softmax(item).probabilities
      labels.append(
        probabilities.firstIndex {
          left -= Double($0)
          return left < 0
        } ?? classes - 1)
      logits.append(item)
    }
    return (logits, labels)
  }

  @Test(arguments: [0.25, 1, 3.0]) func whatMadeTheLogitsTooLargeIsFound(_ truth: Double) throws {
    let (logits, labels) = drawn(20_000)
    let scaled = logits.map { $0.map { $0 * Float(truth) } }
    let found = try #require(Temperature(logits: scaled, labels: labels))
    #expect(abs(log(found.value / truth)) < 0.05)
    // The loss is that of the logits as they were drawn.
    let plain = zip(logits, labels).reduce(0.0) { $0 + softmax($1.0).logSum - Double($1.0[$1.1]) }
    #expect(abs(found.loss - plain / 20_000) < 0.01)
  }

  @Test func aFewExamplesMoveItLittle() throws {
    // All of five right: without a prior the best temperature would be 0.
    let logits = [[Float]](repeating: [2, 0, 0], count: 5)
    let found = try #require(Temperature(logits: logits, labels: [0, 0, 0, 0, 0]))
    #expect(found.value > 0.5 && found.value < 1)
    // Many of them speak for themselves.
    let many = try #require(
      Temperature(
        logits: [[Float]](repeating: [2, 0, 0], count: 5_000),
        labels: [Int](repeating: 0, count: 5_000)))
    #expect(many.value < 0.3)
    #expect(Temperature(logits: [], labels: []) == nil)
  }

  @Test func whatATemperatureDoesIsMeasured() throws {
    // Logits as they should be, made three times too large before they were calibrated.
    let (logits, labels) = drawn(4_000)
    let change = try #require(CalibrationChange(temperature: 3, logits: logits, labels: labels))
    #expect(change.errorAfter < 0.03 && change.errorBefore > 0.2)
    #expect(CalibrationChange(temperature: 1, logits: [], labels: []) == nil)
  }

  @Test func classesCountByTheirWeights() throws {
    // Right where the class is 0, wrong where it is 1.
    let logits = [[Float]](repeating: [3, 0], count: 200)
    let labels = (0..<200).map { $0 % 2 }
    let first = try #require(Temperature(logits: logits, labels: labels, classWeights: [1, 0]))
    let second = try #require(Temperature(logits: logits, labels: labels, classWeights: [0, 1]))
    #expect(first.value < 1 && second.value > 4)
  }
}
