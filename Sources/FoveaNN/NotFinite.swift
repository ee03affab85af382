extension InputError {
  /// A network's answer, or what is made of it, is NaN or an infinity: nobody may read it as a number.
  package static func notFinite(
    _ what: String = "the network's answer", at place: String? = nil
  )
    -> InputError
  {
    InputError(
      "\(what) is not a finite number", at: place,
      advice:
        "Its weights are too large or damaged, as after a training that diverged: train it again "
        + "with a smaller learning rate")
  }
}
