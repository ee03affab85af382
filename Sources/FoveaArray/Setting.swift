/// A setting that advice can name: something a person may choose differently.
///
/// The command and the library call it by different names, so an error carries the setting and each
/// words it for its own users. A case's name is the command's word in camel case.
public enum Setting: String, Hashable, Sendable, CaseIterable {
  case allowBroken, attention, augment, bands, classWeights, clipSeconds, coefficients, count
  case fileColumn, framesTogether, freeze, from, groupColumn, heads, hopMilliseconds, imageColumn,
    imageSize
  case images, labelColumn, labelSmoothing, learningRate, model, mostTokens, objective, output
  case overwrite, patchSize, resume, seeds, stream, task, test, textColumn, tokenWidth, tokenizer
  case train, windowMilliseconds

  /// The name of the property or parameter by which a program sets it, or what it has instead.
  public var swiftName: String {
    switch self {
    case .allowBroken: "allowsBroken"
    case .attention: "network.attention"
    case .augment: "training.augmentation"
    case .classWeights: "training.weighsClasses"
    case .fileColumn: "imageColumn"
    case .freeze: "training.frozen"
    case .heads: "network.heads"
    case .images: "imagesFolder"
    case .labelSmoothing: "training.labelSmoothing"
    case .learningRate: "training.learningRate"
    case .model: "network"
    case .output: "output folder"
    case .overwrite: "overwriting"
    case .patchSize: "network.patch"
    case .resume: "resuming: true"
    case .test: "testData"
    case .tokenWidth: "network.tokenWidth"
    default: rawValue
    }
  }
}
