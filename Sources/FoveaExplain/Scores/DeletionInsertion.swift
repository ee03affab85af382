import FoveaArray
import FoveaMetrics

/// Deletion and insertion: the area under the probability p of the class while places change, from
/// the strongest of a map to its weakest,
///
///     area = ∫₀¹ p(share of places changed) d share
///
/// by the trapezoid rule over equal steps. Deletion goes from the picture to the blurred picture,
/// insertion from the blurred picture to the picture. Petsiuk, Das and Saenko 2018, "RISE",
/// section 4.1; both ways fill with the blurred picture, so that neither adds edges.
package struct DeletionInsertion {
  package struct Areas: Equatable {
    package var deletion: Double
    package var insertion: Double

    package init(deletion: Double, insertion: Double) {
      self.deletion = deletion
      self.insertion = insertion
    }
  }

  package let picture: InputPicture
  package let blurred: InputPicture
  package let target: Int
  package let steps: Int
  /// Places that change together, such as those of a word; each by itself where there are none.
  package let units: [[Int]]?

  package init(
    _ picture: InputPicture, target: Int, steps: Int, units: [[Int]]? = nil
  ) {
    self.units = units
    self.picture = picture
    blurred = picture.blurred
    self.target = target
    self.steps = steps
  }

  /// What the areas of several maps come to.
  package struct Measured {
    /// In the order of the maps.
    package let areas: [Areas]
    /// The areas of a map whose first places are all that the network asks for: the probability is that of the
    /// blurred picture, or of the whole one, from the first step to the last.
    package let limit: Areas
  }

  /// The areas of several maps over the picture's places, or its units.
  package func areas(of maps: [[Float]], in network: ExplainedNetwork) throws -> Measured {
    // Equal places in a scattered order, the same for all maps: in reading order those at the top
    // of the picture would always come first.
    let unitCount = units?.count ?? picture.placeCount
    let scattered = RandomKey(seed: 0).permutation(of: unitCount)
    let orders = maps.map { map in
      map.indices.sorted {
        map[$0] != map[$1] ? map[$0] > map[$1] : scattered[$0] < scattered[$1]
      }
    }
    let between = steps - 1
    // The picture, the blurred picture, then for each map the steps of both ways.
    var probabilities = [Double](repeating: 0, count: 2 + maps.count * 2 * between)
    try network.run(
      .forward, count: probabilities.count, target: target,
      picture: { index in
        if index == 0 { return picture.values }
        if index == 1 { return blurred.values }
        let (map, rest) = (index - 2).quotientAndRemainder(dividingBy: 2 * between)
        let (way, step) = rest.quotientAndRemainder(dividingBy: between)
        let share = Double(step + 1) / Double(steps)
        let count = Int((share * Double(unitCount)).rounded())
        return way == 0
          ? changed(picture, to: blurred, at: orders[map].prefix(count))
          : changed(blurred, to: picture, at: orders[map].prefix(count))
      }
    ) { index, outputs in
      let all = softmax(Array(outputs["logits"] ?? [])).probabilities
      probabilities[index] = Double(all[target])
    }
    let ends = (probabilities[0] + probabilities[1]) / 2
    func area(_ sum: Double) -> Double { (ends + sum) / Double(steps) }
    return Measured(
      areas: maps.indices.map { map in
        func sum(_ way: Int) -> Double {
          let first = 2 + (2 * map + way) * between
          return probabilities[first..<(first + between)].reduce(0, +)
        }
        return Areas(deletion: area(sum(0)), insertion: area(sum(1)))
      },
      limit: Areas(
        deletion: area(Double(between) * probabilities[1]),
        insertion: area(Double(between) * probabilities[0])))
  }

  private func changed(
    _ from: InputPicture, to other: InputPicture, at places: ArraySlice<Int>
  ) -> [Float] {
    var values = from.values
    let places = units.map { units in places.flatMap { units[$0] } } ?? Array(places)
    for channel in 0..<from.channels {
      let plane = channel * from.placeCount
      for place in places { values[plane + place] = other.values[plane + place] }
    }
    return values
  }
}
