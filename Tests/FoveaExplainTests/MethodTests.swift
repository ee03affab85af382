import FoveaArray
import FoveaData
import FoveaExplain
import FoveaGraph
import FoveaMetrics
import FoveaNN
import Glibc
import Testing

@Suite("Methods against answers worked on paper")
struct MethodTests {
  @Test("integrated gradients of a linear model are weight times input")
  func linearModel() throws {
    // s₀ = 2 x₁ − x₂ + 3 x₄ (+ 7), x = (1, 2, 3, ½), baseline 0. The gradient is (2, −1, 0, 3)
    // everywhere, so IG = (2·1, −1·2, 0·3, 3·½) = (2, −2, 0, 1.5), which sums to s₀(x) − s₀(0).
    let network = try Made.network(
      LinearNetwork(places: 4), width: 2, height: 2,
      weights: [
        "dense.weight": HostArray([2, 4], [2, -1, 0, 3, 1, 1, 1, 1] as [Float]),
        "dense.bias": HostArray([7, 0] as [Float]),
      ])
    let picture = Made.picture([1, 2, 3, 0.5], width: 2, height: 2)
    let found = try IntegratedGradients(baseline: .mean, steps: 5)
      .attributions(of: picture, target: 0, in: network)
    #expect(isClose(found, [2, -2, 0, 1.5]))
    // The other class: all weights 1, so IG = x.
    let other = try IntegratedGradients(baseline: .mean, steps: 5)
      .attributions(of: picture, target: 1, in: network)
    #expect(isClose(other, [1, 2, 3, 0.5]))
  }

  @Test("grad-cam weighs channels by their gradients")
  func gradCAM() throws {
    // s₀ = 4 mean(F₁) − 8 mean(F₂) over 4 places: α = (1, −2).
    // F₁ = (1, 2, 3, 4), F₂ = (0, 2, 1, 0): Σ α F = (1, −2, 1, 4), L = (1, 0, 1, 4).
    let network = try Made.network(
      PooledNetwork(), width: 2, height: 2, channels: 2,
      weights: [
        "dense.weight": HostArray([2, 2], [4, -8, 0, 0] as [Float]),
        "dense.bias": HostArray([0, 0] as [Float]),
      ])
    let picture = Made.picture([1, 2, 3, 4, 0, 2, 1, 0], width: 2, height: 2, channels: 2)
    let map = try GradCAM().values(of: picture, target: 0, in: network)
    #expect(isClose(map.values, [1, 0, 1, 4]))
  }

  /// Attention over 4 places with Q = 1, K = x, V = 0, d = 1: scores are x for every query.
  ///
  /// x = (0, ln 2, ln 4, 0): exp x = (1, 2, 4, 1), so each row of A is (1, 2, 4, 1) / 8.
  private func handSet() throws -> (ExplainedNetwork, InputPicture) {
    let zero = HostArray([1, 1], [0] as [Float])
    let network = try Made.network(
      AttendingNetwork(), width: 2, height: 2,
      weights: [
        "attention.query.weight": zero, "attention.query.bias": HostArray([1] as [Float]),
        "attention.key.weight": HostArray([1, 1], [1] as [Float]),
        "attention.key.bias": HostArray([0] as [Float]),
        "attention.value.weight": zero, "attention.value.bias": HostArray([0] as [Float]),
        "dense.weight": HostArray([2, 1], [2, -2] as [Float]),
        "dense.bias": HostArray([0, 0] as [Float]),
      ])
    return (network, Made.picture([0, logf(2), logf(4), 0], width: 2, height: 2))
  }

  @Test("attention is what each place receives")
  func attention() throws {
    let (network, picture) = try handSet()
    let map = try AttentionMap().values(of: picture, target: 0, in: network)
    #expect(isClose(map.values, [0.125, 0.25, 0.5, 0.125]))
  }

  @Test("attention times gradient")
  func attentionGradient() throws {
    // s₀ = 2 mean(Y), Y = A x + x, so ∂s₀/∂Y = ½ at each of 4 places and
    // ∂s₀/∂A[q, k] = ½ x[k]; L[k] = A[k] · ½ x[k] = (0, ¼ · ½ ln 2, ½ · ½ ln 4, 0).
    let (network, picture) = try handSet()
    let map = try AttentionGradientMap().values(of: picture, target: 0, in: network)
    #expect(isClose(map.values, [0, 0.125 * logf(2), 0.25 * logf(4), 0]))
    // The other class has the opposite sign: nothing speaks for it.
    let against = try AttentionGradientMap().values(of: picture, target: 1, in: network)
    #expect(isClose(against.values, [0, 0, 0, 0]))
  }

  @Test(
    "integrated gradients add up to the difference of the logits to 1 %",
    arguments: [IntegratedGradients.Baseline.mean, .blurred])
  func completeness(_ baseline: IntegratedGradients.Baseline) throws {
    let (model, weights) = try Made.cnn()
    let network = try ExplainedNetwork(model, weights: weights, threads: 1)
    // A light square on a slope: a picture with content, whose logits differ from the baseline's.
    let pixels = (0..<(16 * 16)).flatMap { index -> [UInt8] in
      let (row, column) = (index / 16, index % 16)
      return (4..<10).contains(row) && (5..<12).contains(column)
        ? [250, 40, 10] : [UInt8(8 * row), UInt8(6 * column), UInt8(4 * (row + column))]
    }
    let picture = InputPicture(
      Picture(width: 16, height: 16, channels: 3, made: pixels), model.input)
    let method = IntegratedGradients(baseline: baseline, steps: 50)
    func logits(_ picture: InputPicture) throws -> [Double] {
      try network.outputs(of: .forward, picture: picture, target: 0)["logits"]?.map(Double.init)
        ?? []
    }
    let differences = zip(try logits(picture), try logits(method.startPoint(for: picture)))
      .map { $0 - $1 }
    // The class that changes most: next to a difference of nothing no share is small.
    let target = differences.indices.reduce(0) {
      abs(differences[$1]) > abs(differences[$0]) ? $1 : $0
    }
    let sum = try method.attributions(of: picture, target: target, in: network)
      .reduce(0.0) { $0 + Double($1) }
    let difference = differences[target]
    #expect(abs(difference) > 0.01)
    #expect(abs(sum - difference) <= 0.01 * abs(difference), "\(sum) of \(differences)")
  }

  @Test("occlusion and rise find the patch that alone matters")
  func perturbations() throws {
    let network = try Made.patchNetwork(side: 24, rows: 3..<9, columns: 14..<20, offset: 150)
    let picture = InputPicture(
      Made.patchPicture(side: 24, rows: 3..<9, columns: 14..<20), network.input)
    for method in [Occlusion() as any MapMethod, RISE(maskCount: 256, key: RandomKey(seed: 1))] {
      let plane = try method.values(of: picture, target: 0, in: network)
      let peak = plane.values.indices.max { plane.values[$0] < plane.values[$1] } ?? 0
      #expect((2..<10).contains(peak / 24), "\(method)")
      #expect((13..<21).contains(peak % 24), "\(method)")
    }
  }

  @Test(
    "what shows no place is refused, with the methods that work", arguments: ["none", "matched"])
  func refusal(_ attention: String) throws {
    let (model, weights) = try Made.cnn(attention: attention)
    let network = try ExplainedNetwork(model, weights: weights, threads: 1)
    let picture = InputPicture(Made.noise(side: 16), model.input)
    for method in [AttentionMap() as any MapMethod, AttentionGradientMap()] {
      #expect(
        throws: InputError(
          "the network's attention shows no place to look at",
          advice: "Choose one of grad-cam, integrated-gradients, integrated-gradients-blurred, "
            + "occlusion, rise")
      ) { try method.values(of: picture, target: 0, in: network) }
    }
  }

  @Test("masks are seeded, between 0 and 1, and half on in the mean")
  func masks() {
    let rise = RISE(maskCount: 64, key: RandomKey(seed: 4))
    let masks = (0..<64).map { rise.mask($0, width: 20, height: 12) }
    #expect(masks[0] == RISE(maskCount: 1, key: RandomKey(seed: 4)).mask(0, width: 20, height: 12))
    #expect(masks[0] != masks[1])
    #expect(masks.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
    let mean = masks.flatMap(\.self).reduce(0, +) / Float(64 * 240)
    #expect(abs(mean - 0.5) < 0.05)
  }

  @Test("windows cover the whole side")
  func windows() {
    for size in [1, 5, 6, 24, 47, 48, 224] {
      let covered = Set(Occlusion.windows(size).flatMap { Array($0) })
      #expect(covered == Set(0..<size))
    }
  }
}
