import FoundationEssentials
import FoveaArray

/// The weights in a model's folder, by the names under which PyTorch keeps them.
struct PretrainedTensors {
  private let file: Safetensors
  private let place: String
  private let prefix: String

  /// Maps `model.safetensors`; nothing is copied before it is asked for.
  ///
  /// - Parameter prefix: what may stand before all names, such as `bert.`.
  /// - Throws: `InputError` when there is no such file or it is malformed.
  init(_ folder: URL, prefix: String) throws {
    let url = folder.appending(component: "model.safetensors")
    place = try url.checkedFilePath
    guard FileManager.default.fileExists(atPath: url.path) else {
      let isSplit = FileManager.default.fileExists(
        atPath: folder.appending(component: "model.safetensors.index.json").path)
      throw InputError(
        isSplit
          ? "holds weights in several files, which is not supported"
          : "holds no model.safetensors",
        at: folder.relativePath,
        advice: isSplit
          ? "Join them into one model.safetensors"
          : "Weights of PyTorch's own format have to be converted to safetensors first")
    }
    file = try Safetensors(contentsOf: url)
    self.prefix = file.entries.contains { $0.name.hasPrefix(prefix) } ? prefix : ""
  }

  /// The array called `name`.
  ///
  /// - Parameter other: another name that older files have.
  /// - Throws: `InputError` that names the tensor when there is none or it has another shape.
  func array(_ name: String, or other: String? = nil, _ shape: Shape) throws -> HostArray {
    let names = [name, other].compactMap { $0 }.map { prefix + $0 }
    guard let found = names.first(where: { file.entry($0) != nil }), let entry = file.entry(found)
    else {
      throw InputError(
        "holds no tensor called \(prefix + name)", at: place,
        advice: "The model's config.json asks for it")
    }
    guard entry.shape == shape, ["F32", "F16", "BF16", "F64"].contains(entry.dataType) else {
      throw InputError(
        "tensor \(found) is \(entry.dataType)\(entry.shape), config.json asks for float\(shape)",
        at: place, advice: "Weights and configuration are of different models")
    }
    return try file.numbers(found, upTo: Weights.largestMagnitude)
  }

  /// The array called `name` with rows and columns exchanged: layers called Conv1D keep
  /// `[inputs, outputs]`.
  func transposed(_ name: String, inputs: Int, outputs: Int) throws -> HostArray {
    let numbers = try array(name, [inputs, outputs]).floats
    return HostArray(
      [outputs, inputs],
      unsafe [Float](unsafeUninitializedCapacity: inputs * outputs) { result, count in
        // Square tiles, so that both sides stay in the cache.
        let tile = 32
        for row in stride(from: 0, to: outputs, by: tile) {
          for column in stride(from: 0, to: inputs, by: tile) {
            for output in row..<min(row + tile, outputs) {
              for input in column..<min(column + tile, inputs) {
                unsafe result[output * inputs + input] = numbers[input * outputs + output]
              }
            }
          }
        }
        count = inputs * outputs
      })
  }
}

/// A model's `config.json`.
struct PretrainedConfiguration {
  private let values: [String: Value]
  private let folder: String
  let place: String

  /// What matters of JSON here.
  private enum Value: Decodable {
    case number(Double)
    case text(String)
    case bool(Bool)
    case null
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .text(value)
      } else {
        self = .other
      }
    }
  }

  /// - Throws: `InputError` when the folder has no `config.json` or it is no JSON object.
  init(_ folder: URL) throws {
    let url = folder.appending(component: "config.json")
    place = try url.checkedFilePath
    guard let data = try? Data(contentsOf: url) else {
      guard !FileManager.default.fileExists(atPath: url.path) else {
        throw InputError("cannot be read", at: place, advice: "Check its permissions")
      }
      throw InputError(
        "holds no config.json", at: folder.relativePath,
        advice: "A model's folder has config.json, model.safetensors and a tokenizer")
    }
    guard let values = try? JSONDecoder().decode([String: Value].self, from: data) else {
      throw InputError("is not a JSON object", at: place)
    }
    self.values = values
    self.folder = folder.relativePath
  }

  /// A whole number, 1 or more.
  ///
  /// - Throws: `InputError` when it is missing or another kind of value.
  func size(_ name: String, or other: String? = nil) throws -> Int {
    guard let size = try optionalSize(name) ?? other.flatMap(optionalSize) else {
      throw InputError("\(name) is missing or not a number from 1 up", at: place)
    }
    return size
  }

  /// The same; `nil` where it is missing or null.
  func optionalSize(_ name: String) throws -> Int? {
    guard let number = try number(name) else { return nil }
    guard let size = Int(exactly: number), size > 0 else {
      throw InputError("\(name) is not a number from 1 up", at: place)
    }
    return size
  }

  func number(_ name: String) throws -> Double? {
    try value(name, "number") { if case .number(let value) = $0 { value } else { nil } }
  }

  func text(_ name: String) throws -> String? {
    try value(name, "text") { if case .text(let value) = $0 { value } else { nil } }
  }

  func bool(_ name: String) throws -> Bool? {
    try value(name, "truth value") { if case .bool(let value) = $0 { value } else { nil } }
  }

  /// A value of a kind; `nil` where it is missing or null.
  ///
  /// - Throws: `InputError` where it is of another kind: what would be passed over might be meant.
  private func value<Kind>(
    _ name: String, _ kind: String, _ read: (Value) -> Kind?
  ) throws -> Kind? {
    switch values[name] {
    case nil, .null: return nil
    case let value?:
      guard let read = read(value) else { throw InputError("\(name) is no \(kind)", at: place) }
      return read
    }
  }

  /// What the network itself says of options that cannot be, with the file that asks for them.
  func named<Network>(_ make: () throws -> Network) throws -> Network {
    do {
      return try make()
    } catch let error as InputError {
      throw InputError(error.problem, at: place, advice: "The configuration is broken")
    }
  }

  /// Fails unless the model is of a kind.
  func require(_ kind: String) throws {
    let found = try text("model_type")
    guard found == kind else {
      if found == nil, let own = try ownKind() {
        throw InputError(
          "\(own) of Fovea, not a model of the kind \(kind)", at: folder,
          advice: "A model's folder has config.json, model.safetensors and a tokenizer")
      }
      throw InputError(
        found.map { "a model of the kind \($0) is not supported here" }
          ?? "no kind of model is named by model_type", at: place, advice: "It should be \(kind)")
    }
  }

  /// What a folder that Fovea wrote is; `nil` of any other.
  private func ownKind() throws -> String? {
    if values["classifier"] != nil {
      return values["objective"] == nil ? "is a trained classifier" : "is a pre-trained network"
    }
    return try text("kind") == "sentence-scorer" ? "is a scorer of sentences" : nil
  }

  /// The function between dense layers.
  ///
  /// - Throws: `InputError` that names one that is not known.
  func activation(_ name: String) throws -> Activation {
    switch try text(name) {
    case "gelu", nil: .gelu
    case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": .geluTanh
    case "relu": .relu
    case let other?:
      throw InputError("\(name) \(other) is not supported", at: place)
    }
  }
}
