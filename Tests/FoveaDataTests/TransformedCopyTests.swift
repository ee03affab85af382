import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// Copies that were mirrored, shifted or cropped, and pictures that are none.
struct TransformedCopyTests {
  private func part(_ picture: Picture, x: Range<Int>, y: Range<Int>) -> Picture {
    Picture(
      width: x.count, height: y.count, channels: 3,
      made: y.flatMap { (row: Int) -> [UInt8] in
        let start = 3 * (row * picture.width + x.lowerBound)
        return Array(picture.pixels[start..<(start + 3 * x.count)])
      })
  }

  private func mirrored(_ picture: Picture) -> Picture {
    Picture(
      width: picture.width, height: picture.height, channels: 3,
      made: (0..<picture.height).flatMap { (y: Int) -> [UInt8] in
        (0..<picture.width).flatMap { (x: Int) -> [UInt8] in
          let start = (y * picture.width + picture.width - 1 - x) * 3
          return Array(picture.pixels[start..<start + 3])
        }
      })
  }

  /// The picture moved, with its edge pixels in the place of what is not known.
  private func shifted(_ picture: Picture, _ dx: Int, _ dy: Int) -> Picture {
    Picture(
      width: picture.width, height: picture.height, channels: 3,
      made: (0..<picture.height).flatMap { (y: Int) -> [UInt8] in
        (0..<picture.width).flatMap { (x: Int) -> [UInt8] in
          let (from, row) = (
            min(max(x - dx, 0), picture.width - 1), min(max(y - dy, 0), picture.height - 1)
          )
          let start = (row * picture.width + from) * 3
          return Array(picture.pixels[start..<start + 3])
        }
      })
  }

  private func report(_ pictures: [Picture]) throws -> DataReport {
    try DataCheck.run(
      LabelledData(training: MadePictures.dataset(pictures + MadePictures.unlike(20))))
  }

  @Test(arguments: [32, 90]) func mirroredShiftedAndCroppedCopiesAreFound(_ side: Int) throws {
    let originals: [Picture] = (0..<7).map {
      MadePictures.patches(side: side, seed: UInt64(1000 + $0))
    }
    let inner = 2..<(side - 2)
    let resized = try PictureResizer(width: side, height: side, mode: .exact)(
      part(originals[6], x: inner, y: inner))
    var copies: [Picture] = [mirrored(originals[0])]
    copies.append(shifted(originals[1], 1, 0))
    copies.append(shifted(originals[2], -3, 2))
    copies.append(shifted(originals[3], 4, -4))
    copies.append(part(originals[4], x: 1..<side, y: 0..<side))
    copies.append(part(originals[5], x: inner, y: inner))
    copies.append(resized)
    // Saved again with loss, too.
    let saved = try copies.map {
      try PictureDecoder().decode(PictureEncoder(.jpeg).encode($0), name: "copy")
    }
    for copies in [copies, saved] {
      let report = try report(originals + copies)
      let found = report.nearCopies.named.map(\.names).sorted { $0[0] < $1[0] }
      let expected: [[String]] = (0..<7).map { ["picture \($0)", "picture \($0 + 7)"] }
      #expect(found == expected)
      #expect(report.nearCopySearch.mirroredCount == 1)
      #expect(!report.nearCopySearch.isDrawnAlike)
    }
    #expect(
      try report(originals + copies).lines.contains {
        $0.contains(
          "mirrored left to right, or shifted or cropped by up to 4 pixels, not both (1 mirr")
          && $0.hasSuffix("; upside-down and rotated copies and larger crops are not found")
      })
  }

  /// What the report says is not found is not.
  @Test func upsideDownAndMirroredAndShiftedCopiesAreNotFound() throws {
    let originals = (0..<2).map { MadePictures.patches(side: 32, seed: UInt64(3000 + $0)) }
    let turned = originals[0]
    let rows = stride(from: 31, through: 0, by: -1).flatMap { (y: Int) -> [UInt8] in
      Array(turned.pixels[(y * 96)..<((y + 1) * 96)])
    }
    let report = try report(
      originals + [
        Picture(width: 32, height: 32, channels: 3, made: rows),
        shifted(mirrored(originals[1]), 4, 3),
      ])
    #expect(report.nearCopies.groupCount == 0 && report.exactCopies.groupCount == 0)
  }

  /// Every set is in the report, with all its names, where the terminal has the first five.
  @Test func allSetsAreListed() throws {
    let originals = (0..<30).map { MadePictures.patches(side: 32, seed: UInt64(2000 + $0)) }
    let copies = originals.map { shifted($0, 0, 2) } + originals.map { shifted($0, 2, 0) }
    let report = try report(originals + copies)
    #expect(report.nearCopies.groupCount == 30 && report.nearCopies.named.count == 30)
    #expect(report.nearCopies.named.allSatisfy { $0.names.count == 3 && $0.count == 3 })
    #expect(report.lines.contains("  … and 25 more sets; JSON has all"))
  }

  /// Handwritten digits look alike without being copies, photographs and scans do not.
  @Test(.needsSharedData) func picturesThatAreDrawnAlikeAreSaidToBeSo() throws {
    let digits = try LabelledSource.read(SharedData.set("mnist")).training
    let some = LabelledDataset(
      name: "digits", classes: digits.classes,
      made: digits.examples.enumerated().filter { $0.offset % 10 == 0 }.map(\.element))
    let report = try DataCheck.run(LabelledData(training: some))
    #expect(report.nearCopySearch.isDrawnAlike)
    #expect(report.lines.contains { $0.contains("The pictures of this set are drawn alike") })
    #expect(!report.warnings.contains { $0.contains("nearly the same") })
  }

  @Test func differentPicturesAreNoCopies() throws {
    let report = try report((0..<60).map { MadePictures.patches(side: 32, seed: UInt64($0)) })
    #expect(report.nearCopies.groupCount == 0)
    #expect(report.nearCopySearch.comparedCount == 80)
  }

  // MARK: Other findings

  @Test func aClassOfPicturesOfItsOwnSizeIsAShortcut() throws {
    let pictures = (0..<40).map {
      MadePictures.smooth(width: $0 % 2 == 0 ? 32 : 40, height: 32, seed: UInt64($0))
    }
    let report = try DataCheck.run(LabelledData(training: MadePictures.dataset(pictures)))
    #expect(
      report.warnings.contains(
        "100 % of class class 0 are 32×32, and 0 % of the others: a network may learn that in place "
          + "of what the pictures show."))
  }

  @Test func fewPicturesAndTheirValidationPartAreSaid() throws {
    var examples = MadePictures.dataset((0..<40).map { MadePictures.smooth(seed: UInt64($0)) })
      .examples
    for index in 30..<40 { examples[index].isValidation = true }
    examples[35].content = examples[3].content
    let report = try DataCheck.run(
      LabelledData(
        training: LabelledDataset(name: "made", classes: ["a", "b"], made: examples)))
    #expect(report.training.pictureCount == 40 && report.training.validationCount == 10)
    #expect(
      report.lines.first == "Training (made): 40 pictures, 10 of them for validation, 2 classes")
    #expect(
      report.warnings.contains(
        "1 of 10 validation pictures (10 %) has an exact copy among those trained on: the validation "
          + "result will be too good."))
    #expect(
      report.warnings.contains(
        "Results will rest on 10 pictures (the validation part): an accuracy of 80 % would be uncertain "
          + "by ±25 points."))
    #expect(!report.warnings.contains { $0.contains("split off at random") })
    // Who sets nothing aside trains on all of them.
    let whole = try DataCheck.run(
      LabelledData(
        training: LabelledDataset(name: "made", classes: ["a", "b"], made: examples)),
      key: RandomKey(seed: 1), settingAside: 0)
    #expect(!whole.warnings.contains { $0.contains("validation") })
    #expect(
      whole.warnings.contains(
        "1 of 40 training pictures are exact copies of others: they count more than once."))
  }

  @Test func theAlarmOfAShiftSaysItsPower() throws {
    func items(_ count: Int, _ seed: UInt64) -> [ShiftCheck.Item] {
      (0..<count).map { index in
        ShiftCheck.Item(
          features: (0..<PictureFeatures.named.count).map {
            Double(RandomKey(seed: seed).folding(index).uniform(at: UInt64($0)))
          }, label: 0, cluster: index + Int(seed) * 10_000)
      }
    }
    let few = try #require(
      ShiftCheck(training: items(120, 1), test: items(60, 2), key: RandomKey(seed: 1)))
    // 0.55 + 2.8 √(181 / 12 · 120 · 60)
    #expect(abs(few.detectableArea - (0.55 + 2.8 * (181.0 / 86_400).squareRoot())) < 1e-12)
    #expect(!few.isAlarm)
  }
}
