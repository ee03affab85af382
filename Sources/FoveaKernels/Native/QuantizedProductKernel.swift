import CKernels
package import FoveaArray

/// The weights of a dense layer as signed bytes, with a scale for each column of the product:
/// W ≈ scale · q with q in −127…127.
package struct QuantizedWeights: Sendable {
  /// The bytes in the order in which the product reads them; a bit pattern of signed ones.
  package let bytes: HostArray
  /// `[columns]`
  package let scales: HostArray
  /// The sum of each column's weights, `[columns]`.
  package let sums: HostArray

  /// Rounds weights `[columns, depth]`; the error of each is at most half of its column's scale.
  package init(_ weights: HostArray) {
    let (columns, depth) = (weights.shape[0], weights.shape[1])
    require(
      depth > 0 && depth <= QuantizedProductKernel.largestDepth,
      "quantizing: sums over \(depth) products of bytes do not fit into 32 bits")
    let count = QuantizedWeights.byteCount(columns: columns, depth: depth)
    var scales = [Float](repeating: 0, count: columns)
    var sums = scales
    bytes = HostArray(
      [count],
      [UInt8](unsafeUninitializedCapacity: count) { packed, initialized in
        guard let start = packed.baseAddress else { return }
        weights.floats.withUnsafeBufferPointer { weights in
          guard let weights = weights.baseAddress else { return }
          start.withMemoryRebound(to: Int8.self, capacity: count) {
            fovea_quantize_weights(weights, Int64(columns), Int64(depth), $0, &scales, &sums)
          }
        }
        initialized = count
      })
    self.scales = HostArray(scales)
    self.sums = HostArray(sums)
  }

  /// Bytes that weights `[columns, depth]` take.
  package static func byteCount(columns: Int, depth: Int) -> Int {
    Int(fovea_quantized_weight_bytes(Int64(columns), Int64(depth)))
  }
}

/// A dense layer whose weights are signed bytes.
///
/// Each row x is rounded just before its product, to unsigned bytes q with a scale s and an offset o
/// of its own, x ≈ s q + o; then Σ x W = s · scale · Σ q q_W + o · Σ W, where the sum of products of
/// bytes is exact.
package enum QuantizedProductKernel {
  /// Numbers of a row whose products of bytes surely add up within 32 bits.
  package static let largestDepth = 65_000

  /// The instructions that the product uses.
  package enum Level: Int32, CaseIterable, Sendable {
    /// Those that every processor has.
    case plain
    /// AVX2.
    case middle
    /// AVX-512 with products of bytes (VNNI).
    case wide

    /// The best that this processor has.
    package static let best = Level(rawValue: fovea_quantized_level()) ?? .plain
    /// All that this processor has.
    package static var available: [Level] { allCases.filter { $0.rawValue <= best.rawValue } }
  }

  /// result `[rows, columns]` = f(x `[rows, depth]` · Wᵀ + bias `[columns]`).
  ///
  /// Operands: x, the weights' bytes, scales, sums, bias if any, result; all row-major. `nil` where
  /// the function is one that the kernel does not have.
  package static func make(
    rows: Int, depth: Int, columns: Int, hasBias: Bool, activation: PostOperation?, threads: Int,
    level: Level = .best
  ) -> NativeKernel? {
    guard let code = VectorProductKernel.code(activation) else { return nil }
    let scratchBytes = threads * Int(fovea_quantized_scratch(Int64(depth)))
    return NativeKernel("quantizedProduct", scratchBytes: scratchBytes) { operands, scratch in
      let layer = fovea_quantized(
        columns: Int64(columns), depth: Int64(depth), activation: code,
        weights: UnsafePointer(operands[1].elements(Int8.self)),
        scales: UnsafePointer(operands[2].elements(Float.self)),
        sums: UnsafePointer(operands[3].elements(Float.self)),
        bias: hasBias ? UnsafePointer(operands[4].elements(Float.self)) : nil)
      let result: UnsafeMutablePointer<Float> = operands[operands.count - 1].elements()
      return {
        withUnsafePointer(to: layer) {
          fovea_quantized_product(
            $0, operands[0].elements(), result, Int64(rows), scratch, Int32(threads),
            level.rawValue)
        }
      }
    }
  }
}
