/// A text on its way to a normal form, each of whose characters knows the bytes of the original that
/// it stands for.
struct AlignedText {
  /// Scalar values.
  private(set) var scalars: [UInt32] = []
  /// For each scalar, where its bytes begin in the original.
  private(set) var starts: [Int32] = []
  /// For each scalar, where they end.
  private(set) var ends: [Int32] = []

  /// The characters of a part of a text.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    reserve(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      let (value, end) = UTF8Scalars.scalar(bytes, at: position)
      append(value, Int32(position), Int32(end))
      position = end
    }
  }

  init() {}

  var count: Int { scalars.count }

  mutating func reserve(_ count: Int) {
    scalars.reserveCapacity(count)
    starts.reserveCapacity(count)
    ends.reserveCapacity(count)
  }

  @inline(__always)
  mutating func append(_ value: UInt32, _ start: Int32, _ end: Int32) {
    scalars.append(value)
    starts.append(start)
    ends.append(end)
  }

  /// The bytes of the original that some characters stand for.
  func original(_ range: Range<Int>) -> Range<Int> {
    range.isEmpty ? 0..<0 : Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
  }

  /// Removes the characters that `isRemoved` names.
  mutating func remove(where isRemoved: (UInt32) -> Bool) {
    var kept = 0
    for index in scalars.indices where !isRemoved(scalars[index]) {
      if kept != index {
        scalars[kept] = scalars[index]
        starts[kept] = starts[index]
        ends[kept] = ends[index]
      }
      kept += 1
    }
    scalars.removeLast(scalars.count - kept)
    starts.removeLast(starts.count - kept)
    ends.removeLast(ends.count - kept)
  }

  /// Replaces each character by none or more, which stand for the same bytes.
  mutating func replaceEach(_ replacement: (UInt32, (UInt32) -> Void) -> Void) {
    var result = AlignedText()
    result.reserve(count)
    for index in scalars.indices {
      let (start, end) = (starts[index], ends[index])
      replacement(scalars[index]) { result.append($0, start, end) }
    }
    self = result
  }

  /// Puts the characters' canonical decompositions in their places (Unicode's form NFD).
  ///
  /// Marks that change places keep the order of the bytes: what comes first stands for what came
  /// first.
  mutating func decompose() {
    guard scalars.contains(where: { $0 >= 0xC0 }) else { return }
    var result = AlignedText()
    result.reserve(count + count / 4)
    // A run of marks that has to be put in order: value, combining class, whether it was added.
    var marks: [(value: UInt32, order: UInt8, isAdded: Bool)] = []
    // The originals of the marks that were not added, in their order.
    var places: [(Int32, Int32)] = []
    func flush() {
      guard !marks.isEmpty else { return }
      var place = 0
      for mark in marks.enumerated().sorted(by: {
        ($0.element.order, $0.offset) < ($1.element.order, $1.offset)
      }) {
        if mark.element.isAdded, let last = result.starts.indices.last {
          result.append(mark.element.value, result.starts[last], result.ends[last])
        } else {
          let (start, end) = places[min(place, places.count - 1)]
          place += 1
          result.append(mark.element.value, start, end)
        }
      }
      marks.removeAll(keepingCapacity: true)
      places.removeAll(keepingCapacity: true)
    }
    for index in scalars.indices {
      let (start, end) = (starts[index], ends[index])
      var isAdded = false
      CanonicalDecomposition.forEach(of: scalars[index]) { value in
        let order = CanonicalDecomposition.combiningClass(of: value)
        if order == 0 {
          flush()
          result.append(value, start, end)
        } else {
          marks.append((value, order, isAdded))
          if !isAdded { places.append((start, end)) }
        }
        isAdded = true
      }
    }
    flush()
    self = result
  }
}
