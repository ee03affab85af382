import FoveaArray
import FoveaData
import Testing

struct ShiftCheckTests {
  private typealias Stratum = ShiftCheck.Area.Stratum

  /// The share of pairs in order, counted one by one.
  private func area(_ stratum: Stratum) -> Double {
    var sum = 0.0
    for positive in stratum.positives {
      for negative in stratum.negatives {
        sum += positive > negative ? 1 : positive == negative ? 0.5 : 0
      }
    }
    return sum / Double(stratum.positives.count * stratum.negatives.count)
  }

  @Test func theAreaIsTheShareOfPairsInOrder() throws {
    let key = RandomKey(seed: 1)
    let stratum = Stratum(
      positives: (0..<13).map { Double(key.integer(below: 8, at: $0)) + 1 },
      negatives: (20..<37).map { Double(key.integer(below: 8, at: $0)) })
    let result = try #require(ShiftCheck.Area([stratum]))
    #expect(abs(result.value - area(stratum)) < 1e-12)
    #expect(ShiftCheck.Area([Stratum(positives: [2, 3], negatives: [0, 1])])?.value == 1)
    #expect(ShiftCheck.Area([Stratum(positives: [1, 1], negatives: [1, 1])])?.value == 0.5)
    #expect(ShiftCheck.Area([Stratum(positives: [1], negatives: [0, 1])]) == nil)
    #expect(ShiftCheck.Area([]) == nil)
  }

  /// By hand: placements of the positives 1, 0.5 and of the negatives 1, 0.5; each variance is
  /// 0.125, so the squared error is 0.0625 + 0.0625.
  @Test func theIntervalIsDeLongs() throws {
    let stratum = Stratum(positives: [3, 1], negatives: [0, 2])
    let result = try #require(ShiftCheck.Area([stratum]))
    #expect(result.value == 0.75)
    #expect(abs(result.lower - (0.75 - 1.96 * 0.125.squareRoot())) < 1e-12)
    #expect(result.upper == 1)
    // Eight such strata have an eighth of it; validated crosswise it is multiplied by 1 + 8/7.
    let both = try #require(
      ShiftCheck.Area([Stratum](repeating: stratum, count: 8), isCrossValidated: true))
    #expect(both.value == 0.75)
    #expect(abs(both.lower - (0.75 - 1.96 * (0.125 / 8 * 15 / 7).squareRoot())) < 1e-12)
  }

  /// 400 made-up studies of known area: normal scores one deviation apart have area Φ(1/√2).
  @Test func theIntervalHoldsTheTruthNearlyAsOftenAsItSays() {
    let key = RandomKey(seed: 2)
    var covered = 0
    for study in 0..<400 {
      let draws = key.folding(study)
      let stratum = Stratum(
        positives: (0..<60).map { draws.normal(at: $0) + 1 },
        negatives: (100..<180).map { draws.normal(at: $0) })
      guard let result = ShiftCheck.Area([stratum]) else { continue }
      if result.lower <= 0.760_250, 0.760_250 <= result.upper { covered += 1 }
    }
    // 380 expected, deviation 4.4.
    #expect((362...396).contains(covered))
  }

  /// At the optimum the gradient is zero: Σ (y − p) x = λ w for the weights, Σ (y − p) = 0.
  @Test func logisticRegressionFindsTheOptimum() {
    let key = RandomKey(seed: 3)
    let rows = (0..<200).map { key.normal(at: $0) }
    let labels = (0..<100).map { row in
      rows[2 * row] - 0.5 * rows[2 * row + 1] + key.normal(at: UInt64(1_000 + row)) > 0.3
    }
    let model = LogisticRegression(rows: rows, labels: labels, penalty: 2)
    let intercept = model.score([0, 0])
    let weights = [model.score([1, 0]) - intercept, model.score([0, 1]) - intercept]
    var gradient = [-2 * weights[0], -2 * weights[1], 0]
    for row in 0..<100 {
      let score = model.score(rows[(2 * row)..<(2 * row + 2)])
      let error = (labels[row] ? 1 : 0) - 1 / (1 + exponential(-score))
      gradient[0] += error * rows[2 * row]
      gradient[1] += error * rows[2 * row + 1]
      gradient[2] += error
    }
    #expect(gradient.allSatisfy { abs($0) < 0.01 })
    #expect(weights[0] > 0.5 && weights[1] < -0.1)
  }

  /// eˣ by its series after halving, so that tests need no C library.
  private func exponential(_ value: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for index in 1..<30 {
      term *= value / 16 / Double(index)
      sum += term
    }
    return (0..<4).reduce(sum) { power, _ in power * power }
  }

  private func items(
    _ range: Range<Int>, shift: Double = 0, columns: Int = 20, clusterSize: Int = 1
  ) -> [ShiftCheck.Item] {
    range.map { index in
      let key = RandomKey(seed: 4).folding(index / clusterSize)
      return ShiftCheck.Item(
        features: (0..<PictureFeatures.count).map { column in
          column < columns ? key.normal(at: UInt64(column)) + (column < 3 ? shift : 0) : 0
        }, label: index % 2, cluster: index / clusterSize)
    }
  }

  @Test func partsDrawnAlikeRaiseNoAlarm() throws {
    var alarms = 0
    for study in 0..<20 {
      let start = study * 300
      let check = try #require(
        ShiftCheck(
          training: items(start..<(start + 200)), test: items((start + 200)..<(start + 300)),
          key: RandomKey(seed: UInt64(study))))
      if check.isAlarm { alarms += 1 }
    }
    #expect(alarms <= 1)
  }

  @Test func aShiftRaisesAnAlarmAndIsNamed() throws {
    let check = try #require(
      ShiftCheck(
        training: items(0..<200), test: items(200..<300, shift: 1), key: RandomKey(seed: 1)))
    #expect(check.isAlarm)
    #expect(check.trainingCount == 200 && check.testCount == 100)
    #expect(
      Set(check.differences.prefix(3).map(\.feature))
        == ["brightness", "contrast", "colourfulness"])
    for difference in check.differences.prefix(3) {
      #expect(abs(difference.effect - 1) < 0.4)
      #expect(abs(difference.test - difference.training - 1) < 0.4)
    }
  }

  /// 30 and 90 in turn have the arithmetic mean 60, and the geometric one 52.
  @Test func sizesAreComparedByMeansThatPeopleKnow() throws {
    let width = try #require(PictureFeatures.named.firstIndex { $0.name == "width" })
    func items(_ range: Range<Int>, _ widths: [Double]) -> [ShiftCheck.Item] {
      range.map { index in
        var features = [Double](repeating: 0, count: PictureFeatures.count)
        // What the classifier sees is the logarithm to base 2.
        features[width] = widths[index / 2 % widths.count]
        return ShiftCheck.Item(features: features, label: index % 2, cluster: index)
      }
    }
    let (log30, log90, log120) = (
      4.906_890_595_608_519, 6.491_853_096_329_675, 6.906_890_595_608_519
    )
    let check = try #require(
      ShiftCheck(
        training: items(0..<80, [log30, log90]), test: items(80..<160, [log90, log120]),
        key: RandomKey(seed: 1)))
    let difference = try #require(check.differences.first)
    #expect(check.differences.count == 1 && difference.feature == "width")
    #expect(difference.training == 60 && difference.test == 105)
    // Deviations of 30 and 15: 45 / √((900 + 225) / 2), with six digits.
    #expect(difference.effect == 1.89737)
  }

  /// Forty copies of each picture, all on one side: a classifier that met some of them in fitting
  /// would know the others.
  @Test func copiesAreNotMistakenForAShift() throws {
    let check = try #require(
      ShiftCheck(
        training: items(0..<800, clusterSize: 40), test: items(800..<1200, clusterSize: 40),
        key: RandomKey(seed: 1)))
    #expect(!check.isAlarm)
  }

  /// Class 1 looks different, and the test part has more of it.
  @Test func anotherMixOfClassesIsNotAShift() throws {
    func items(_ range: Range<Int>, every: Int) -> [ShiftCheck.Item] {
      range.map { index in
        let label = index % every == 0 ? 0 : 1
        let key = RandomKey(seed: 5).folding(index)
        return ShiftCheck.Item(
          features: (0..<PictureFeatures.count).map { column in
            key.normal(at: UInt64(column)) + (column == 0 ? Double(3 * label) : 0)
          }, label: label, cluster: index)
      }
    }
    let check = try #require(
      ShiftCheck(
        training: items(0..<600, every: 2), test: items(600..<900, every: 5),
        key: RandomKey(seed: 1)))
    #expect(!check.isAlarm)
  }

  @Test func tooFewPicturesTellNothing() {
    #expect(
      ShiftCheck(training: items(0..<200), test: items(200..<219), key: RandomKey(seed: 1)) == nil)
    #expect(ShiftCheck(training: items(0..<200), test: [], key: RandomKey(seed: 1)) == nil)
  }
}
