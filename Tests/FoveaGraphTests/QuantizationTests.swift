import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

struct QuantizationTests {
  private func array(_ shape: Shape, _ seed: UInt64) -> HostArray {
    let key = RandomKey(seed: seed)
    return HostArray(shape, (0..<shape.elementCount).map { Float(key.normal(at: UInt64($0))) })
  }

  /// Two layers with the same weights, one with others that stay as they are.
  private func network(_ graph: Graph) -> Tensor {
    var y = graph.input("x", ArrayType([10, 24]))
    let shared = graph.variable("shared", ArrayType([24, 24]))
    let bias = graph.variable("bias", ArrayType([24]))
    y = (y.matmul(shared, transposingRight: true) + bias).gelu()
    y = y.matmul(shared, transposingRight: true)
    return y.matmul(graph.variable("other", ArrayType([7, 24])), transposingRight: true)
  }

  private func weights() -> [String: HostArray] {
    ["shared": array([24, 24], 1), "bias": array([24], 2), "other": array([7, 24], 3)]
  }

  @Test(arguments: [true, false]) func namedWeightsAreReadAsBytes(optimizes: Bool) throws {
    let x = array([10, 24], 4)
    func run(_ quantized: Set<String>) throws -> (Plan, VariableStore, [Float]) {
      let graph = Graph(mode: .inference)
      var options = CompileOptions()
      options.optimizes = optimizes
      options.quantizedVariables = quantized
      let plan = try graph.compile(outputs: ["y": network(graph)], options: options)
      let store = VariableStore(QuantizeProducts.arrays(of: weights(), quantizing: quantized))
      let session = try Session(plan, variables: store)
      try session.set("x", to: x)
      try session.run()
      return (plan, store, try session.output("y").floats)
    }
    let (_, _, exact) = try run([])
    let (plan, store, found) = try run(["shared"])
    #expect(plan.steps.count { $0.op == QuantizedMatMul.name } == 2)
    #expect(plan.steps.count { $0.op == MatMul.name } == 1)
    #expect(
      store.names == ["bias", "other", "shared.bytes", "shared.scales", "shared.sums"])
    let size = exact.map { abs($0) }.max() ?? 0
    #expect(size > 10)
    #expect(found != exact)
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 0.02 * size })
    if optimizes {
      #expect(plan.steps.first { $0.op == QuantizedMatMul.name }?.settings == "bias, gelu")
    }
  }

  @Test func whatDoesNotFitIsNamed() {
    let op = QuantizedMatMul(hasBias: true)
    func message(_ x: Shape, bytes: Int, columns: Shape, bias: Shape) -> String {
      do {
        _ = try op.resultTypes([
          ArrayType(x), ArrayType([bytes], .uint8), ArrayType(columns), ArrayType(columns),
          ArrayType(bias),
        ])
        return ""
      } catch { return "\(error)" }
    }
    #expect(message([3, 6], bytes: 64 * 8, columns: [5], bias: [5]) == "")
    #expect(
      message([3, 6], bytes: 64 * 6, columns: [5], bias: [5])
        == "quantizedMatmul: weights of 5 columns for [3, 6] are uint8[512], not uint8[384]")
    #expect(
      message([3, 6], bytes: 64 * 8, columns: [5], bias: [4])
        == "quantizedMatmul: needs scales, sums and bias of shape [5], not [4]")
    #expect(
      message([6], bytes: 64 * 8, columns: [5], bias: [5])
        == "quantizedMatmul: needs [rows, depth], not shape [6]")
    #expect(
      message([3, 0], bytes: 0, columns: [5], bias: [5])
        == "quantizedMatmul: sums over 1 to 65000 numbers, not shape [3, 0]")
  }
}
