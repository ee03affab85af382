/// Something that holds parameters: a layer, a mechanism, a network.
///
/// A module is an immutable struct; its parameters are found by reading its stored properties
/// once. Properties that are modules, optionals and arrays of modules are entered. One that holds
/// them in another way, in a tuple, a dictionary or a struct that is no module, is a programmer's
/// mistake and traps, as its parameters would not be trained.
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

/// A layer that is told its caller's line and names it when `x` does not fit.
///
/// Calling the layer itself gives the line; calling it as `any Layer` cannot.
public protocol PlacedLayer: Layer {
  /// Adds the layer to the graph that `x` belongs to.
  func callAsFunction(_ x: Tensor, file: StaticString, line: UInt) -> Tensor
}

extension PlacedLayer {
  /// Adds the layer to the graph that `x` belongs to, for callers that do not know which layer it is.
  ///
  /// Disfavoured, or a call of the layer itself would be taken for one without a line.
  @_disfavoredOverload
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, file: #fileID, line: #line) }
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
  public var parameterCounts: (trained: Int, total: Int) { parameterCounts(freezing: []) }

  /// The same where parameters stay as they are whose paths begin so.
  package func parameterCounts(freezing prefixes: [String]) -> (trained: Int, total: Int) {
    let all = parameters
    func count(_ parameters: [NamedParameter]) -> Int {
      SizeArithmetic.sum(parameters.map(\.parameter.shape.elementCount))
    }
    let trained = all.filter { named in
      named.parameter.isTrained && !prefixes.contains { named.path.hasPrefix($0) }
    }
    return (count(trained), count(all))
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
    } else if let style, holdsParameters(child.value) {
      fatalError(
        "module: \(childPath) of \(type(of: value)) holds parameters in a \(style), where they are not "
          + "looked for; hold them as a module, an optional or an array of modules")
    }
  }
}

/// Whether a value that is no module holds one all the same.
private func holdsParameters(_ value: Any) -> Bool {
  let mirror = Mirror(reflecting: value)
  // A class may lead back to itself, and a module is none.
  guard mirror.displayStyle != nil, mirror.displayStyle != .class else { return false }
  return mirror.children.contains { child in
    child.value is Parameter || (child.value as? any Module)?.parameters.isEmpty == false
      || holdsParameters(child.value)
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
  public subscript(
    parameter: Parameter, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    variable(path(of: parameter, file, line), ArrayType(parameter.shape), file: file, line: line)
  }

  /// Notes what this batch says of a statistic that is stored.
  func observe(_ value: Tensor, of statistic: Parameter, file: StaticString, line: UInt) {
    observations[path(of: statistic, file, line)] = value.value
  }

  private func path(of parameter: Parameter, _ file: StaticString, _ line: UInt) -> String {
    guard let path = parameterNames[parameter.id] else {
      fatalError(
        "graph: a parameter of shape \(parameter.shape) does not belong to the network that the "
          + "graph was made for; make it with Graph(for: network, mode:)", file: file, line: line)
    }
    return path
  }
}
