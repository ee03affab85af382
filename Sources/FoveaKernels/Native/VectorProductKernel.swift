import CKernels
import FoveaArray

/// The product of a matrix with one vector, which takes as long as reading the matrix.
package enum VectorProductKernel {
  /// result `[1, rows]` = f(vector `[1, columns]` · matrixᵀ + bias `[rows]`).
  ///
  /// Operands: vector, matrix `[rows, columns]`, bias if any, result; all row-major. `nil` where the
  /// function is one that the kernel does not have.
  package static func make(
    rows: Int, columns: Int, hasBias: Bool, activation: PostOperation?
  ) -> NativeKernel? {
    guard let code = code(activation) else { return nil }
    return NativeKernel("vectorProduct") { operands, _ in
      let bias: UnsafeMutablePointer<Float>? = hasBias ? operands[2].elements() : nil
      return {
        fovea_vector_product(
          operands[1].elements(), operands[0].elements(), bias,
          operands[operands.count - 1].elements(), Int64(rows), Int64(columns), code)
      }
    }
  }

  /// The function's number in C; `nil` where it has none.
  static func code(_ activation: PostOperation?) -> Int32? {
    switch activation {
    case nil: Int32(FOVEA_VECTOR_NOTHING)
    case .relu: Int32(FOVEA_VECTOR_RELU)
    case .gelu: Int32(FOVEA_VECTOR_GELU)
    case .geluTanh: Int32(FOVEA_VECTOR_GELU_TANH)
    case .sum: nil
    }
  }
}
