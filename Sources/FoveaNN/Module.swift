/// Something that holds parameters: a layer, a mechanism, a network.
///
/// A module is an immutable struct; its parameters are found by reading its stored properties
/// once. Properties that are modules, optionals and arrays of modules are entered; others are
/// left alone.
public protocol Module: Sendable {
  /// All parameters in the order of the properties that hold them.
  ///
  /// A parameter that is held twice, a tied weight, is listed under the first path.
  var parameters: [NamedParameter] { get }
}

/// A module with one tensor in and one out.
public protocol Layer: Module {
  /// Adds the layer to the graph that `x` belongs to.
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// A parameter with the path by which a network holds it: `attention.query.weight`.
public struct NamedParameter: Sendable {
  /// Property names and positions in arrays, joined by dots.
  public let path: String
  /// The parameter.
  public let parameter: Parameter
}

extension Module {
  /// All parameters, found by reading stored properties.
  public var parameters: [NamedParameter] {
    var found: [NamedParameter] = []
    var known: Set<ObjectIdentifier> = []
    collect(from: self, path: "", into: &found, &known)
    return found
  }

  /// How many numbers are trained, and how many the network keeps in all.
  public var parameterCounts: (trained: Int, total: Int) {
    let all = parameters
    func count(_ parameters: [NamedParameter]) -> Int {
      SizeArithmetic.sum(parameters.map(\.parameter.shape.elementCount))
    }
    return (count(all.filter(\.parameter.isTrained)), count(all))
  }

  /// Start values of all parameters.
  ///
  /// Each follows from the key and the parameter's path alone, so two networks that differ in one
  /// part start equal in all others.
  public func initialWeights(key: RandomKey) -> Weights {
    Weights(
      Dictionary(
        uniqueKeysWithValues: parameters.map { named in
          (
            named.path,
            named.parameter.initializer.values(
              named.parameter.shape, key: key.folding("weights").folding(named.path))
          )
        }))
  }
}

private func collect(
  from value: Any, path: String, into found: inout [NamedParameter],
  _ known: inout Set<ObjectIdentifier>
) {
  for (position, child) in Mirror(reflecting: value).children.enumerated() {
    let name = child.label.map { $0 == "some" ? "" : $0 } ?? "\(position)"
    let childPath = name.isEmpty ? path : path.isEmpty ? name : "\(path).\(name)"
    if let parameter = child.value as? Parameter {
      if known.insert(parameter.id).inserted {
        found.append(NamedParameter(path: childPath, parameter: parameter))
      }
      continue
    }
    let style = Mirror(reflecting: child.value).displayStyle
    if child.value is any Module || style == .optional || style == .collection {
      collect(from: child.value, path: childPath, into: &found, &known)
    }
  }
}

// MARK: - Graphs of a network

extension Graph {
  /// An empty graph for a network, whose parameters it knows by their paths.
  public convenience init(for network: some Module, mode: GraphMode) {
    self.init(mode: mode)
    let parameters = network.parameters
    parameterNames = Dictionary(
      uniqueKeysWithValues: parameters.map { ($0.parameter.id, $0.path) })
    parameterIdentities = parameters.map(\.parameter.identity)
  }

  /// The variable that holds a parameter's numbers.
  ///
  /// A parameter of another network is a programmer's mistake and traps.
  public subscript(parameter: Parameter) -> Tensor {
    guard let path = parameterNames[parameter.id] else {
      fatalError(
        "graph: a parameter of shape \(parameter.shape) does not belong to the network that the "
          + "graph was made for; make it with Graph(for: network, mode:)")
    }
    return variable(path, ArrayType(parameter.shape))
  }
}
