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
    return try file.array(found)
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
  let place: String

  /// What matters of JSON here.
  private enum Value: Decodable {
    case number(Double)
    case text(String)
    case bool(Bool)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
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
      throw InputError(
        "holds no config.json", at: folder.relativePath,
        advice: "A model's folder has config.json, model.safetensors and a tokenizer")
    }
    guard let values = try? JSONDecoder().decode([String: Value].self, from: data) else {
      throw InputError("is not a JSON object", at: place)
    }
    self.values = values
  }

  /// A whole number, 1 or more.
  ///
  /// - Throws: `InputError` when it is missing or another kind of value.
  func size(_ name: String, or other: String? = nil) throws -> Int {
    guard let size = optionalSize(name) ?? other.flatMap(optionalSize) else {
      throw InputError("\(name) is missing or not a number from 1 up", at: place)
    }
    return size
  }

  func optionalSize(_ name: String) -> Int? {
    guard case .number(let value)? = values[name], let size = Int(exactly: value), size > 0 else {
      return nil
    }
    return size
  }

  func number(_ name: String) -> Double? {
    if case .number(let value)? = values[name] { value } else { nil }
  }

  func text(_ name: String) -> String? {
    if case .text(let value)? = values[name] { value } else { nil }
  }

  func bool(_ name: String) -> Bool? {
    if case .bool(let value)? = values[name] { value } else { nil }
  }

  /// Fails unless the model is of a kind.
  func require(_ kind: String) throws {
    let found = text("model_type")
    guard found == kind else {
      throw InputError(
        "a model of the kind \(found ?? "nobody names") is not supported here", at: place,
        advice: "It should be \(kind)")
    }
  }

  /// The function between dense layers.
  ///
  /// - Throws: `InputError` that names one that is not known.
  func activation(_ name: String) throws -> Activation {
    switch text(name) {
    case "gelu", nil: .gelu
    case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": .geluTanh
    case "relu": .relu
    case let other?:
      throw InputError("\(name) \(other) is not supported", at: place)
    }
  }
}
