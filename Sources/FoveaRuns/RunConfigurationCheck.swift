import FoveaArray
import FoveaData
import FoveaNN

extension RunConfiguration {
  /// Fails for what no run can have, or what does not agree: of a file that somebody else wrote nothing
  /// is built before.
  ///
  /// - Throws: `InputError` that names it.
  func check() throws {
    try NumberCheck.require("schemaVersion", schemaVersion, in: 1...1)
    try classifier.check()
    try training.check()
    try data.check(classes: classifier.classes.count)
    try keptEpoch?.check()
    try ThreadCount.check(trainingThreads)
    try NumberCheck.require("explainedCount", explainedCount ?? 0, in: 0...NumberCheck.largestCount)
    try divergence?.check()
    guard let objective else {
      guard !classifier.classes.isEmpty else { throw InputError("there are no classes") }
      return
    }
    guard LanguageObjective(rawValue: objective) != nil else {
      throw InputError("there is no objective called \(objective)")
    }
    guard case .text = classifier.input, classifier.network.languageEncoder != nil else {
      throw InputError("objective \(objective) belongs to a transformer that reads texts")
    }
  }
}

extension ClassifierDescription {
  /// Fails unless network, input, normalisation and classes agree.
  ///
  /// - Throws: `InputError` that names the two that do not.
  func check() throws {
    try network.check()
    func agree(_ what: String, _ first: Int, _ second: Int) throws {
      guard first == second else {
        throw InputError("\(what): the network has \(first), the rest says \(second)")
      }
    }
    switch input {
    case .picture(let input):
      guard let shape = network.mapShape else {
        throw InputError("model \(network.name) reads sequences, and the input is pictures")
      }
      try agree("rows of a picture", shape.height, input.height)
      try agree("columns of a picture", shape.width, input.width)
      try agree("channels of a picture", shape.channels, input.channels.rawValue)
      try checkNormalization(of: shape.channels)
    case .sound(let input):
      if let shape = network.mapShape {
        try agree("features of a frame", shape.height, input.featureCount)
        try agree("frames", shape.width, input.mostFrames)
        try agree("channels", shape.channels, 1)
      } else {
        try agree("features of a frame", network.features ?? 0, input.featureCount)
      }
      guard (network.mapShape != nil) == input.isFixedLength else {
        throw InputError(
          "model \(network.name) \(input.isFixedLength ? "takes" : "does not take") recordings of any "
            + "length, and the input says otherwise")
      }
      try checkNormalization(of: input.featureCount)
    case .text:
      guard network.mapShape == nil, !network.transcribes else {
        throw InputError("model \(network.name) does not read texts")
      }
    }
    // What is only pre-trained has no classes yet.
    guard !classes.isEmpty else { return }
    try agree(network.transcribes ? "words" : "classes", network.classes, classes.count)
    var known: Set<String> = []
    for name in classes where !known.insert(name).inserted {
      throw InputError("two classes are called \(name)")
    }
  }

  private func checkNormalization(of channels: Int) throws {
    guard normalization.mean.count == channels, normalization.deviation.count == channels else {
      throw InputError(
        "the normalisation is of \(normalization.mean.count) channels, the input has \(channels)")
    }
  }
}

extension RunConfiguration.DataSummary {
  fileprivate func check(classes: Int) throws {
    if let validationClassCounts {
      guard validationClassCounts.count == classes,
        validationClassCounts.allSatisfy({ (0...NumberCheck.largestCount).contains($0) }),
        SizeArithmetic.sum(validationClassCounts) == validationCount
      else {
        throw InputError(
          "validationClassCounts of \(validationCount) examples and \(classes) classes cannot be")
      }
    }
    for (name, count) in [
      ("trainingCount", trainingCount), ("validationCount", validationCount),
      ("testCount", testCount ?? 0), ("broken.count", broken.count), ("broken.total", broken.total),
    ] {
      try NumberCheck.require(name, count, in: 0...NumberCheck.largestCount)
    }
    guard broken.count <= broken.total, broken.named.count <= broken.count else {
      throw InputError(
        "\(broken.count) broken of \(broken.total), of which \(broken.named.count) are named, cannot "
          + "be")
    }
  }
}

extension Divergence {
  /// - Throws: `InputError` for an epoch or a step that no training has.
  package func check() throws {
    try NumberCheck.require("epoch", epoch, in: 0...TrainingSettings.epochLimit + 1)
    try NumberCheck.require("step", step, in: 0...NumberCheck.largestCount)
    try NumberCheck.require("keptEpoch", keptEpoch ?? 1, in: 1...TrainingSettings.epochLimit)
  }
}

extension EpochRecord {
  /// - Throws: `InputError` for a number that no epoch can have.
  package func check() throws {
    try NumberCheck.require("epoch", epoch, in: 1...TrainingSettings.epochLimit)
    try NumberCheck.require("step", step, in: 0...NumberCheck.largestCount)
    let positive = 0...Double.greatestFiniteMagnitude
    let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    for (name, value, range) in [
      ("trainingLoss", trainingLoss, any), ("trainingAccuracy", trainingAccuracy, any),
      ("validationLoss", validationLoss ?? 0, any),
      ("validationAccuracy", validationAccuracy ?? 0, any),
      ("learningRate", learningRate, positive), ("seconds", seconds, positive),
      ("waitedSeconds", waitedSeconds ?? 0, positive), ("endedAt", endedAt, NumberCheck.dates),
    ] {
      try NumberCheck.require(name, value, in: range)
    }
  }
}

extension TrainingState {
  /// - Throws: `InputError` for numbers that no training can have come to.
  func check() throws {
    try NumberCheck.require(
      "completedEpochs", completedEpochs, in: 0...TrainingSettings.epochLimit)
    for (name, count) in [("nextBatch", nextBatch), ("step", step), ("seen", seen)] {
      try NumberCheck.require(name, count, in: 0...NumberCheck.largestCount)
    }
    let positive = 0...Double.greatestFiniteMagnitude
    let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    for (name, value, range) in [
      ("lossSum", lossSum, any), ("correct", correct, any), ("seconds", seconds, positive),
      ("waitedSeconds", waitedSeconds ?? 0, positive),
    ] {
      try NumberCheck.require(name, value, in: range)
    }
    guard history.count == completedEpochs else {
      throw InputError("\(completedEpochs) epochs are complete, and \(history.count) are recorded")
    }
    for (index, record) in history.enumerated() {
      try record.check()
      guard record.epoch == index + 1, record.step <= step else {
        throw InputError("the record of epoch \(index + 1) is of epoch \(record.epoch)")
      }
    }
    try best?.check()
    try divergence?.check()
    guard (best?.epoch ?? 0) <= completedEpochs else {
      throw InputError("the best epoch \(best?.epoch ?? 0) is not complete")
    }
  }
}
