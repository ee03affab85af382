import FoveaArray
import FoveaGraph
import FoveaTestSupport
import Glibc
import Testing

/// −log of the probabilities of all paths that collapse to a target, one by one.
private func loss(
  _ logits: Array64, item: Int, steps: Int, target: [Int]
) -> Double {
  let symbols = logits.shape[2]
  let probabilities = (0..<steps).map { step in
    let powers = (0..<symbols).map { exp(logits[[item, step, $0]]) }
    return powers.map { $0 / powers.reduce(0, +) }
  }
  var total = 0.0
  for path in Shape([Int](repeating: symbols, count: steps)).indices {
    var words: [Int] = []
    var last = symbols - 1
    for symbol in path {
      if symbol != last, symbol != symbols - 1 { words.append(symbol) }
      last = symbol
    }
    guard words == target else { continue }
    total += path.enumerated().reduce(1) { $0 * probabilities[$1.offset][$1.element] }
  }
  return -log(total)
}

private func ctc(
  _ name: String, steps: Int, symbols: Int, targets: [[Int]], lengths: [Int],
  range: Double = 2
) -> OpCase {
  let (batch, words) = (targets.count, max(targets.map(\.count).max() ?? 0, 1))
  let padded = targets.flatMap { $0 + [Int](repeating: 0, count: words - $0.count) }
  return OpCase(
    "ctcLoss, \(name)",
    [
      (ArrayType([batch, steps, symbols]), .uniform(-range, range)),
      (ArrayType([batch, words], .int32), .fixed(padded.map(Double.init))),
      (ArrayType([batch], .int32), .fixed(lengths.map(Double.init))),
      (ArrayType([batch], .int32), .fixed(targets.map { Double($0.count) })),
    ], absolute: 5e-6,
    build: { $0[0].ctcLoss(targets: $0[1], inputLengths: $0[2], targetLengths: $0[3]) },
    reference: { x in
      Array64([batch]) { loss(x[0], item: $0[0], steps: lengths[$0[0]], target: targets[$0[0]]) }
    })
}

@CaseList private var losses: [OpCase] {
  ctc("one word", steps: 3, symbols: 3, targets: [[1]], lengths: [3])
  ctc(
    "words and repetitions", steps: 5, symbols: 3, targets: [[0, 1], [1, 1], [0, 0, 1]],
    lengths: [5, 4, 5])
  ctc(
    "no room to spare", steps: 5, symbols: 3, targets: [[0, 1, 0], [1, 1, 1], [1, 0]],
    lengths: [3, 5, 2])
  ctc("nothing said", steps: 4, symbols: 4, targets: [[], [2]], lengths: [4, 1])
  ctc("sure of itself", steps: 4, symbols: 4, targets: [[0, 2], [1]], lengths: [4, 3], range: 8)
}

let ctcCases = losses

struct CTCLossTests {
  private func losses(
    steps: Int, targets: [Int32], lengths: [Int32], targetLengths: [Int32]
  ) throws -> (losses: [Float], gradient: [Float]) {
    let batch = lengths.count
    let graph = Graph(mode: .training)
    let logits = graph.input("logits", ArrayType([batch, steps, 3]))
    let loss = logits.ctcLoss(
      targets: graph.constant(HostArray([batch, targets.count / batch], targets)),
      inputLengths: graph.constant(HostArray(lengths)),
      targetLengths: graph.constant(HostArray(targetLengths)))
    let values = (0..<(batch * steps * 3)).map { Float($0 % 5) / 3 }
    let feed = ["logits": HostArray([batch, steps, 3], values)]
    let gradient = loss.sum().gradients(withRespectTo: [logits])[0]
    return (
      try loss.value(inputs: feed).floats, try gradient.value(inputs: feed).floats
    )
  }

  /// Two equal words need a blank between: three steps. What has no room is infinite, is not learnt
  /// from, and does not touch its neighbour.
  @Test func aTargetWithoutRoomIsInfiniteAndHasNoGradient() throws {
    let both = try losses(
      steps: 3, targets: [1, 1, 1, 1], lengths: [2, 3], targetLengths: [2, 2])
    #expect(both.losses[0] == .infinity && both.losses[1].isFinite)
    #expect(both.gradient[..<9].allSatisfy { $0 == 0 })
    #expect(both.gradient[9...].contains { $0 != 0 } && both.gradient.allSatisfy { $0.isFinite })
    let none = try losses(steps: 3, targets: [1, 0], lengths: [0], targetLengths: [1])
    #expect(none.losses == [.infinity])
    #expect(try losses(steps: 3, targets: [1], lengths: [0], targetLengths: [0]).losses == [0])
  }

  @Test(
    arguments: [
      ([2, 0], [3], [2]), ([-1, 0], [3], [1]), ([0, 1], [4], [2]), ([0, 1], [3], [3]),
    ] as [([Int32], [Int32], [Int32])])
  func whatIsOutOfRangeIsRefused(_ targets: [Int32], lengths: [Int32], words: [Int32]) {
    #expect(throws: (any Error).self) {
      try losses(steps: 3, targets: targets, lengths: lengths, targetLengths: words)
    }
  }

  /// Hundreds of steps underflow as products; as sums of logarithms they do not.
  @Test func longSequencesStayFinite() throws {
    let result = try losses(
      steps: 1000, targets: [Int32](repeating: 0, count: 40), lengths: [1000], targetLengths: [40])
    #expect(result.losses[0].isFinite && result.losses[0] > 100)
    #expect(result.gradient.allSatisfy { $0.isFinite })
    // Of each step the gradient sums to 0: probabilities less probabilities.
    for step in 0..<1000 {
      #expect(abs(result.gradient[(3 * step)..<(3 * step + 3)].reduce(0, +)) < 1e-5)
    }
  }
}
