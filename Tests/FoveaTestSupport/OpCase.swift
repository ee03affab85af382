package import FoveaArray
package import FoveaGraph
import FoveaKernels
package import Testing

/// Values that an input of a test case takes.
package enum Domain: Sendable {
  /// Uniform between two numbers.
  case uniform(Double, Double)
  /// Distinct multiples of a step in random order, so that no two are equal and none is 0.
  case distinct(step: Double)
  /// Integers below a bound.
  case integers(Int)
  /// `true` or `false`.
  case truths
  /// These numbers in row-major order.
  case fixed([Double])

  /// Values that follow from a seed alone.
  package func values(_ shape: Shape, seed: Int) -> Array64 {
    draw(shape, RandomKey(seed: 3).folding(seed))
  }

  func draw(_ shape: Shape, _ key: RandomKey) -> Array64 {
    let count = shape.elementCount
    switch self {
    case .uniform(let low, let high):
      return Array64(
        shape, (0..<count).map { low + (high - low) * Double(key.uniform(at: UInt64($0))) })
    case .distinct(let step):
      return Array64(
        shape, key.permutation(of: count).map { (Double($0) - Double(count / 2) + 0.5) * step })
    case .integers(let bound):
      return Array64(shape, (0..<count).map { Double(key.integer(below: bound, at: UInt64($0))) })
    case .truths:
      return Array64(shape, (0..<count).map { Double(key.integer(below: 2, at: UInt64($0))) })
    case .fixed(let values): return Array64(shape, values)
    }
  }
}

/// One op with certain arguments and inputs, the plain loop that says what it gives, and how
/// closely both agree.
package struct OpCase: Sendable, CustomTestStringConvertible {
  package let name: String
  package let inputs: [(type: ArrayType, domain: Domain)]
  package let mode: GraphMode
  package let absolute: Double
  package let relative: Double
  /// Which inputs have a gradient that is checked.
  package let differentiable: [Int]
  package let build: @Sendable ([Tensor]) -> Tensor
  package let reference: @Sendable ([Array64]) throws -> Array64

  package init(
    _ name: String, _ inputs: [(ArrayType, Domain)], mode: GraphMode = .training,
    absolute: Double = 2e-6, relative: Double = 1e-5, differentiable: [Int]? = nil,
    build: @escaping @Sendable ([Tensor]) -> Tensor,
    reference: @escaping @Sendable ([Array64]) throws -> Array64
  ) {
    self.name = name
    self.inputs = inputs.map { (type: $0.0, domain: $0.1) }
    self.mode = mode
    self.absolute = absolute
    self.relative = relative
    self.differentiable =
      differentiable ?? inputs.indices.filter { inputs[$0].0.elementType == .float32 }
    self.build = build
    self.reference = reference
  }

  package var testDescription: String { name }

  private func draw() -> (host: [HostArray], double: [Array64]) {
    let key = RandomKey(seed: 11).folding(name)
    let host = inputs.enumerated().map { index, input in
      input.domain.draw(input.type.shape, key.folding(index)).host(input.type.elementType)
    }
    return (host, host.map { Array64($0) })
  }

  func graph() -> (inputs: [Tensor], result: Tensor) {
    let graph = Graph(mode: mode)
    let tensors = inputs.enumerated().map { graph.input("x\($0.offset)", $0.element.type) }
    return (tensors, build(tensors))
  }

  private var settings: [(name: String, options: CompileOptions)] {
    var off = CompileOptions()
    off.optimizes = false
    var settings = [("passes on", CompileOptions()), ("passes off", off)]
    // Kernels that would be chosen on another processor are right on this one too.
    if ProcessorLevel.current != .avx512 {
      var wide = CompileOptions()
      wide.level = .avx512
      settings.append(("as for AVX-512", wide))
    }
    return settings
  }

  /// Value of the op against the plain loop, with passes and without.
  package func checkValue(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let (host, double) = draw()
    let expected = try reference(double)
    let (_, result) = graph()
    let feed = Dictionary(uniqueKeysWithValues: host.enumerated().map { ("x\($0)", $1) })
    for (label, options) in settings {
      let value = try result.value(inputs: feed, options: options)
      expectClose(
        value, expected, absolute: absolute, relative: relative, "\(name), value, \(label)",
        sourceLocation: sourceLocation)
    }
  }

  /// Gradient of Σ seed ⊙ op against central differences of the plain loop.
  package func checkGradient(sourceLocation: SourceLocation = #_sourceLocation) throws {
    guard !differentiable.isEmpty else { return }
    let (host, double) = draw()
    let (tensors, result) = graph()
    let seedValues = Domain.uniform(-1, 1).draw(
      result.shape, RandomKey(seed: 12).folding(name)
    ).host(.float32)
    let seed = result.graph.input("seed", result.type)
    let gradients = result.gradients(
      withRespectTo: differentiable.map { tensors[$0] }, seed: seed)
    var feed = Dictionary(uniqueKeysWithValues: host.enumerated().map { ("x\($0)", $1) })
    feed["seed"] = seedValues
    let weights = Array64(seedValues).values
    func loss(_ arrays: [Array64]) throws -> Double {
      zip(try reference(arrays).values, weights).map { $0 * $1 }.reduce(0, +)
    }
    for (position, input) in differentiable.enumerated() {
      let actual = try settings.map { setting in
        (setting.name, try gradients[position].value(inputs: feed, options: setting.options))
      }
      let count = double[input].values.count
      let step = 1e-5
      func difference(_ direction: [Double]) throws -> Double {
        var ahead = double
        var behind = double
        for index in direction.indices {
          ahead[input].values[index] += step * direction[index]
          behind[input].values[index] -= step * direction[index]
        }
        return (try loss(ahead) - loss(behind)) / (2 * step)
      }
      if count <= 64 {
        let expected = try (0..<count).map { index in
          var direction = [Double](repeating: 0, count: count)
          direction[index] = 1
          return try difference(direction)
        }
        for (label, gradient) in actual {
          expectClose(
            gradient, Array64(inputs[input].type.shape, expected), absolute: 20 * absolute,
            relative: 10 * relative, "\(name), gradient of input \(input), \(label)",
            sourceLocation: sourceLocation)
        }
        continue
      }
      for trial in 0..<5 {
        let direction = Domain.uniform(-1, 1).draw(
          [count], RandomKey(seed: 13).folding(name).folding(trial)
        ).values
        let expected = try difference(direction)
        for (label, gradient) in actual {
          let values = Array64(gradient).values
          let found = zip(values, direction).map { $0 * $1 }.reduce(0, +)
          let scale = zip(values, direction).map { abs($0 * $1) }.reduce(0, +)
          #expect(
            abs(found - expected) <= 20 * absolute + 10 * relative * max(abs(expected), scale / 10),
            "\(name), gradient of input \(input) along direction \(trial), \(label)",
            sourceLocation: sourceLocation)
        }
      }
    }
  }
}

extension Array64 {
  /// The numbers rounded to an element type.
  package func host(_ type: ElementType) -> HostArray {
    switch type {
    case .float32: HostArray(shape, values.map { Float($0) })
    case .int32: HostArray(shape, values.map { Int32($0) })
    case .uint8: HostArray(shape, values.map { UInt8($0) })
    case .bool: HostArray(shape, values.map { $0 != 0 })
    }
  }
}

/// Lists cases one after the other; each is type-checked alone, which a long array literal is not.
@resultBuilder
package enum CaseList {
  package static func buildExpression(_ opCase: OpCase) -> [OpCase] { [opCase] }
  package static func buildBlock(_ parts: [OpCase]...) -> [OpCase] { parts.flatMap { $0 } }
}
