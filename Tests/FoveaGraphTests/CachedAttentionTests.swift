import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaTestSupport
import Glibc
import Testing

struct CachedAttentionTests {
  struct Sizes: Sendable, CustomTestStringConvertible {
    let positions, heads, headSize, capacity: Int
    var testDescription: String { "\(positions) of \(capacity), \(heads) × \(headSize)" }
    var width: Int { heads * headSize }

    init(_ positions: Int, _ heads: Int, _ headSize: Int, _ capacity: Int) {
      self.positions = positions
      self.heads = heads
      self.headSize = headSize
      self.capacity = capacity
    }
  }

  static func graph(_ sizes: Sizes) -> Graph { outputs(sizes).graph }

  private static func outputs(_ sizes: Sizes) -> Tensor {
    let graph = Graph(mode: .inference)
    let cache = ArrayType([sizes.heads, sizes.capacity, sizes.headSize])
    return graph.input("parts", ArrayType([1, sizes.positions, 3 * sizes.width])).cachedAttention(
      keys: graph.variable("keys", cache), values: graph.variable("values", cache),
      place: graph.input("place", ArrayType([1], .int32)))
  }

  private static func numbers(_ shape: Shape, seed: Int) -> [Double] {
    Domain.uniform(-2, 2).values(shape, seed: seed).values.map { Double(Float($0)) }
  }

  /// Head sizes below, at, between and above the widths of vectors; the first and the last place of
  /// a cache.
  @Test(arguments: [
    Sizes(1, 1, 1, 1), Sizes(1, 2, 5, 9), Sizes(3, 2, 16, 40), Sizes(1, 3, 64, 129),
    Sizes(32, 2, 40, 64), Sizes(5, 1, 87, 33), Sizes(7, 4, 128, 21),
  ])
  func positionsAttendToTheCacheAndToOneAnother(_ sizes: Sizes) throws {
    let (width, size, capacity) = (sizes.width, sizes.headSize, sizes.capacity)
    let partShape: Shape = [1, sizes.positions, 3 * width]
    let cacheShape: Shape = [sizes.heads, capacity, size]
    let parts = Self.numbers(partShape, seed: 1)
    for place in Set([0, (capacity - sizes.positions) / 2, capacity - sizes.positions]) {
      var keys = Self.numbers(cacheShape, seed: 2)
      var values = Self.numbers(cacheShape, seed: 3)
      let store = VariableStore([
        "keys": HostArray(cacheShape, keys.map { Float($0) }),
        "values": HostArray(cacheShape, values.map { Float($0) }),
      ])
      var expected = [Double](repeating: 0, count: sizes.positions * width)
      for head in 0..<sizes.heads {
        for p in 0..<sizes.positions {
          for c in 0..<size {
            let target = (head * capacity + place + p) * size + c
            keys[target] = parts[(p * 3 + 1) * width + head * size + c]
            values[target] = parts[(p * 3 + 2) * width + head * size + c]
          }
        }
        for p in 0..<sizes.positions {
          let scores = (0...(place + p)).map { key in
            (0..<size).reduce(0) {
              $0 + parts[p * 3 * width + head * size + $1]
                * keys[(head * capacity + key) * size + $1]
            } / Double(size).squareRoot()
          }
          let weights = scores.map { exp($0 - (scores.max() ?? 0)) }
          let total = weights.reduce(0, +)
          for c in 0..<size {
            expected[p * width + head * size + c] = weights.indices.reduce(0) {
              $0 + weights[$1] / total * values[(head * capacity + $1) * size + c]
            }
          }
        }
      }
      for threads in [1, 2] {
        var options = CompileOptions()
        options.threads = threads
        let result = Self.outputs(sizes)
        let session = try Session(
          result.graph.compile(outputs: ["result": result], options: options), variables: store)
        let found = try session.run([
          "parts": HostArray(partShape, parts.map { Float($0) }),
          "place": HostArray([1], [Int32(place)]),
        ])
        expectClose(
          try #require(found["result"]), Array64([1, sizes.positions, width], expected),
          absolute: 1e-5, relative: 1e-5, "\(threads) threads, place \(place)")
        #expect(try store.value("keys")?.floats == keys.map { Float($0) })
        #expect(try store.value("values")?.floats == values.map { Float($0) })
      }
    }
  }

  @Test func whatDoesNotFitIntoTheCacheFailsTheRun() throws {
    let result = Self.outputs(Sizes(2, 1, 3, 4))
    let session = try Session(result.graph.compile(outputs: ["result": result]))
    func run(place: Int32) throws {
      _ = try session.run([
        "parts": HostArray(zeros: ArrayType([1, 2, 9])), "place": HostArray([1], [place]),
      ])
    }
    #expect(
      throws: KernelError("cachedAttention: 2 positions behind 3 do not fit into 4")
    ) { try run(place: 3) }
    #expect(throws: KernelError.self) { try run(place: -1) }
  }
}
