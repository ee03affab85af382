import FoveaArray

/// What is wrong with a picture file, before the file's name is known.
struct PictureProblem: Error {
  let problem: String
  let advice: String?

  init(_ problem: String, advice: String? = nil) {
    self.problem = problem
    self.advice = advice
  }

  /// The error as people see it.
  func named(_ name: String) -> InputError { InputError(problem, at: name, advice: advice) }

  static func cutShort(_ format: PictureFormat) -> PictureProblem {
    PictureProblem(
      "is cut short: the \(format.rawValue) data ends too early",
      advice: "Copy or download the file again")
  }

  static func broken(_ format: PictureFormat) -> PictureProblem {
    PictureProblem(
      "is broken: its bytes are not a whole \(format.rawValue) picture",
      advice: "Copy or download the file again")
  }

  /// A variety of a format that is read otherwise: `a JPEG with arithmetic coding`.
  static func unsupported(_ variety: String) -> PictureProblem {
    PictureProblem(
      "is \(variety), which Fovea does not read", advice: "Save it as an ordinary JPEG or PNG")
  }
}
