import FoveaKernels
import FoveaNN

/// What the machine can do at most: the ceilings that a workload's speed is measured against.
package struct MachineRoof: Codable, Sendable {
  /// Additions and multiplications a second of a 1024×1024×1024 matrix product, in 10⁹.
  package let gigaflopsPerSecond: Double
  /// Bytes read and written a second by a copy of 64 MB, in 10⁹.
  package let gigabytesPerSecond: Double
  package let threads: Int
  /// The instructions that kernels use: `avx512`, `avx2` or `baseline`.
  package let instructions: String

  /// Measures for about a quarter of a second each; the median of the runs counts.
  package static func measure(threads: Int? = nil) throws -> MachineRoof {
    var options = CompileOptions()
    options.threads = threads
    let size = 1024
    let product = Graph()
    let left = product.input("left", ArrayType([size, size]))
    let right = product.input("right", ArrayType([size, size]))
    let plan = try product.compile(outputs: ["product": left.matmul(right)], options: options)
    let session = try Session(plan)
    for name in ["left", "right"] {
      try session.set(name, to: HostArray(repeating: Float(0.5), shape: [size, size]))
    }
    let seconds = try Stopwatch.median(seconds: 0.25) { try session.run() }
    let count = 1 << 23
    let copy = Graph()
    let source = copy.input("source", ArrayType([count]))
    let copied = try copy.compile(outputs: ["copy": -source], options: options)
    let copySession = try Session(copied)
    try copySession.set("source", to: HostArray(repeating: Float(0.5), shape: [count]))
    let copySeconds = try Stopwatch.median(seconds: 0.25) { try copySession.run() }
    return MachineRoof(
      gigaflopsPerSecond: 2e-9 * Double(size * size * size) / seconds,
      gigabytesPerSecond: 2e-9 * Double(4 * count) / copySeconds, threads: plan.threads,
      instructions: ProcessorLevel.current.name)
  }
}
