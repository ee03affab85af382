import CKernels
import COneDNN
package import FoveaArray

/// The instructions that kernels use, oneDNN's and our own: what the processor has, or less where the
/// environment variable `FOVEA_CPU` says so.
///
/// Nothing else asks the processor: a strong one that is held to a level computes, chooses and lays
/// out as one of that level does. Read once, when the process starts.
package enum ProcessorLevel: Int32, CaseIterable, Comparable, Sendable {
  /// What every x86-64 processor has, with which oneDNN uses SSE 4.1; the only level elsewhere.
  case baseline
  /// AVX2 with FMA: x86-64-v3.
  case avx2
  /// AVX-512 with its parts BW, CD, DQ and VL, and whatever more there is: x86-64-v4.
  case avx512

  /// The best that this processor has.
  package static let best = ProcessorLevel(rawValue: fovea_best_level()) ?? .baseline

  /// The one in use.
  package static let current = ProcessorLevel(rawValue: fovea_level()) ?? .baseline

  /// Numbers of 32 bits in a vector.
  package var vectorWidth: Int {
    switch self {
    case .baseline: 4
    case .avx2: 8
    case .avx512: 16
    }
  }

  /// Its name in `FOVEA_CPU`.
  package var name: String { "\(self)" }

  /// Holds `FOVEA_CPU` against the levels that there are.
  ///
  /// - Throws: `InputError` for a word that is none of them, and for one that this processor lacks.
  package static func check() throws(InputError) {
    guard let word = fovea_refused_level().map({ String(cString: $0) }) else { return }
    let names = allCases.filter { $0 <= best }.map(\.name)
    throw InputError(
      allCases.contains { $0.name == word }
        ? "this processor does not have the instructions of \(word)"
        : "\(word) is no level of instructions",
      at: "FOVEA_CPU",
      advice: "Choose \(names.joined(separator: " or ")), or leave it out for \(best.name).")
  }

  package static func < (left: ProcessorLevel, right: ProcessorLevel) -> Bool {
    left.rawValue < right.rawValue
  }

  /// Holds oneDNN to the level in use; before it is used otherwise, as it then no longer listens.
  static func limitOneDNN() {
    guard current < best else { return }
    let limit = current == .avx2 ? dnnl_cpu_isa_avx2 : dnnl_cpu_isa_sse41
    let status = dnnl_set_max_cpu_isa(limit)
    precondition(
      status == dnnl_success,
      "oneDNN cannot be held to \(current.name): \(DNNL.name(of: status))")
  }
}
