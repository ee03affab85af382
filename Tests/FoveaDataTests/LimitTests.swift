import Foundation
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

/// Little input that would make much work, and files that are no files.
struct LimitTests {
  @Test func tablesOfManyColumnsAreRead() throws {
    let names = (0..<60_000).map { "c\($0)" }.joined(separator: ",")
    let values = (0..<60_000).map { "\($0)" }.joined(separator: ",")
    let table = try CSVTable(Data("\(names)\n\(values)\n".utf8), name: "t.csv")
    #expect(try table.values(of: "c59999") == ["59999"])
    expectError("t.csv, row 1: two columns are called c7") {
      try CSVTable(Data("\(names),c7\n".utf8), name: "t.csv")
    }
    expectError(
      "t.csv, row 1: the row has more than 1,000,000 fields. Is it a table? Leave columns out"
    ) {
      try CSVTable(Data(repeating: UInt8(ascii: ","), count: 1_000_001), name: "t.csv")
    }
  }

  /// An idx file in gzip's format, its content stored as it is.
  private func compressedIdx(_ sizes: [Int], _ elements: [UInt8]) -> Data {
    var content: [UInt8] = [0, 0, 8, UInt8(sizes.count)]
    for size in sizes { content += MadeFiles.big(size, 4) }
    return MadeFiles.gzip(content + elements)
  }

  @Test func whatUnpacksToTooMuchIsRefusedBeforeItIsUnpacked() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/train-images-idx3-ubyte.gz"
    func read(_ sizes: [Int], _ elements: [UInt8], labels: [UInt8] = []) throws -> LabelledData {
      try folder.write(compressedIdx(sizes, elements), "train-images-idx3-ubyte.gz")
      try folder.write(compressedIdx([sizes[0]], labels), "train-labels-idx1-ubyte.gz")
      return try LabelledSource.read(folder.url)
    }
    expectError(
      "\(path): the header says [2000, 1000, 1000], which would take 2,000 megabytes of memory, over "
        + "the limit of 1,000 for a file of its size. "
        + "If it is meant to be so large, unpack it with gunzip first"
    ) { try read([2000, 1000, 1000], []) }
    // Many small ones take more than their pixels.
    let error = #expect(throws: InputError.self) { try read([500_000_000, 1, 1], []) }
    #expect(error?.problem.contains("would take 128,500 megabytes") == true)
    let data = try read([2, 1, 2], [1, 2, 3, 4], labels: [0, 1])
    #expect(data.training.examples.count == 2)
    expectError("\(path): the header says [2, 1, 2], 4 bytes, but more follow") {
      try read([2, 1, 2], [1, 2, 3, 4, 5], labels: [0, 1])
    }
    expectError("\(path): the header says [2, 1, 2], 4 bytes, but 3 follow: the file is cut short")
    {
      try read([2, 1, 2], [1, 2, 3], labels: [0, 1])
    }
    let labels = "\(folder.path)/train-labels-idx1-ubyte.gz"
    expectError("\(labels): the header says [2], 2 bytes, but 1 follow: the file is cut short") {
      try read([2, 1, 2], [1, 2, 3, 4], labels: [0])
    }
  }

  // MARK: What a shell hands over

  /// A path as a shell names the output of a command, whose output is `bytes`.
  private func handedOver<Result>(
    _ bytes: Data, _ body: (URL) throws -> Result
  ) throws -> Result {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    _ = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
    close(ends[1])
    return try body(URL(filePath: "/dev/fd/\(ends[0])"))
  }

  @Test func theOutputOfACommandIsReadWhereOnceIsEnough() throws {
    let table = try handedOver(Data("a,b\n1,2\n".utf8)) { try CSVTable(contentsOf: $0) }
    #expect(table.columns == ["a", "b"])
    let picture = MadePictures.noise(seed: 1)
    let read = try handedOver(MadePictures.png(picture)) {
      try PictureDecoder().decode(contentsOf: $0)
    }
    #expect(read == picture)
  }

  @Test func otherwiseItIsSaidThatAFileIsNeeded() throws {
    let sound = MadeWAV.file([MadeWAV.tone(440, seconds: 0.1)])
    try handedOver(sound) { url in
      expectError(
        "\(url.relativePath): is not an ordinary file. It is read more than once: write it to a "
          + "file first"
      ) { try SoundDecoder().decode(contentsOf: url) }
    }
    let folder = try TemporaryFolder()
    try folder.pipe("pipe.csv")
    expectError("\(folder.path)/pipe.csv: is not an ordinary file") {
      try CSVTable(contentsOf: folder.file("pipe.csv"))
    }
  }
}
