import FoveaArray
import FoveaKernels
import Testing

/// Runs a kernel on arrays, row-major, each in memory of its own.
///
/// Before and behind every operand, and behind the scratch memory, lie marks that no kernel may
/// change.
func run(
  _ kernel: any Kernel, _ inputs: [HostArray], results: [ArrayType]
) throws -> [HostArray] {
  let mark = 256
  let types = inputs.map(\.type) + results
  var starts: [Int] = []
  var end = mark
  for type in types {
    starts.append(end)
    end += (type.byteCount + 63) / 64 * 64 + mark
  }
  let scratch = end
  let arena = Memory(byteCount: scratch + (kernel.scratchBytes + 63) / 64 * 64 + mark)
  let marks = HostArray([UInt8](repeating: 0xA7, count: mark))
  let ends = starts.map { $0 - mark } + [scratch - mark, arena.byteCount - mark]
  for end in ends { try arena.write(marks, at: end, in: .rowMajor(marks.type)) }
  for (start, array) in zip(starts, inputs) {
    try arena.write(array, at: start, in: .rowMajor(array.type))
  }
  let slots = zip(starts, types).map { start, type in
    Slot(storage: .arena(start), layout: .rowMajor(type))
  }
  let bound = try BoundKernels(
    [(kernel, slots)], arena: arena, scratchOffset: scratch, variables: [])
  try bound.run()
  for end in ends {
    let found = try arena.read(at: end, in: .rowMajor(marks.type))
    #expect(found == marks, "\(kernel.implementation) writes past an array")
  }
  return try slots.dropFirst(inputs.count).map {
    guard case .arena(let start) = $0.storage else { return HostArray(Float.nan) }
    return try arena.read(at: start, in: $0.layout)
  }
}

/// Numbers between −1 and 1 that follow from a seed.
func numbers(_ shape: Shape, seed: UInt64, scale: Float = 1) -> HostArray {
  let key = RandomKey(seed: seed)
  return HostArray(
    shape, (0..<shape.elementCount).map { (2 * key.uniform(at: UInt64($0)) - 1) * scale })
}

/// Sizes below, at and above the widths of vectors and tiles.
let sizes = [1, 2, 7, 15, 16, 17, 31, 33, 100, 511, 512, 513, 1_025]

/// Expects numbers to agree as closely as single precision allows.
func expectClose(
  _ actual: [Float], _ expected: [Double], absolute: Double = 2e-6, relative: Double = 1e-5,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, sourceLocation: sourceLocation)
  for (index, (a, e)) in zip(actual, expected).enumerated() {
    let isClose =
      Double(a) == e || (a.isNaN && e.isNaN)
      || abs(Double(a) - e) <= absolute + relative * abs(e)
    guard !isClose else { continue }
    Issue.record("\(what): element \(index) is \(a), not \(e)", sourceLocation: sourceLocation)
    return
  }
}
