import FoundationEssentials
import FoveaArray
import FoveaData
import FoveaTestSupport
import Testing

struct IdxSourceTests {
  /// An idx file of bytes with these sizes.
  private func idx(_ sizes: [Int], _ elements: [UInt8], type: UInt8 = 8) -> Data {
    var data = Data([0, 0, type, UInt8(sizes.count)])
    for size in sizes {
      for shift in [24, 16, 8, 0] { data.append(UInt8(truncatingIfNeeded: size >> shift)) }
    }
    data.append(contentsOf: elements)
    return data
  }

  private let images: [UInt8] = Array(1...18)

  private func write(_ folder: TemporaryFolder, prefix: String = "") throws {
    try folder.write(idx([3, 2, 3], images), "\(prefix)train-images-idx3-ubyte")
    try folder.write(idx([3], [7, 10, 7]), "\(prefix)train-labels-idx1-ubyte")
    try folder.write(idx([1, 2, 3], Array(21...26)), "\(prefix)t10k-images-idx3-ubyte")
    try folder.write(idx([1], [10]), "\(prefix)t10k-labels-idx1-ubyte")
  }

  private func check(_ data: LabelledData) {
    #expect(data.training.classes == ["7", "10"])
    #expect(data.training.examples.map(\.label) == [0, 1, 0])
    #expect(data.training.examples[1].name.hasSuffix("train-images-idx3-ubyte[1]"))
    #expect(
      data.training.examples[1].content
        == .picture(Picture(width: 3, height: 2, channels: 1, made: Array(7...12))))
    #expect(data.test?.examples.map(\.label) == [1])
    #expect(
      data.test?.examples[0].content
        == .picture(Picture(width: 3, height: 2, channels: 1, made: Array(21...26))))
  }

  @Test func fourFilesAreReadByTheirNames() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    check(try LabelledSource.read(folder.url))
    check(try LabelledSource.read(folder.file("train-images-idx3-ubyte")))
  }

  @Test func aPrefixTellsSetsApart() throws {
    let folder = try TemporaryFolder()
    try write(folder, prefix: "emnist-letters-")
    check(try LabelledSource.read(folder.url))
    try write(folder, prefix: "emnist-digits-")
    expectError(
      "\(folder.path): several sets of idx files, with the prefixes emnist-digits-, "
        + "emnist-letters-. Give the folder and a prefix, like DIR/emnist-digits-"
    ) { try LabelledSource.read(folder.url) }
    check(try LabelledSource.read(folder.file("emnist-letters")))
    check(try LabelledSource.read(folder.file("emnist-digits-train-images-idx3-ubyte")))
    // No path names the set without a prefix.
    try write(folder)
    expectError(
      "\(folder.path): several sets of idx files, with the prefixes (none), emnist-digits-, "
        + "emnist-letters-. Give the folder and a prefix, like DIR/emnist-digits-"
    ) { try LabelledSource.read(folder.url) }
  }

  @Test func colourPicturesHaveFourAxes() throws {
    let folder = try TemporaryFolder()
    try folder.write(idx([2, 1, 2, 3], Array(1...12)), "train-images-idx4-ubyte")
    try folder.write(idx([2], [0, 1]), "train-labels-idx1-ubyte")
    #expect(
      try LabelledSource.read(folder.url).training.examples[0].content
        == .picture(Picture(width: 2, height: 1, channels: 3, made: Array(1...6))))
  }

  /// Labels in one member, then in two; cut short, and with a wrong checksum.
  @Test func compressedFilesAreUnpacked() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    let labels = gzip(idx([3], [7, 10, 7]))
    try FileManager.default.removeItem(at: folder.file("train-labels-idx1-ubyte"))
    try folder.write(labels, "train-labels-idx1-ubyte.gz")
    check(try LabelledSource.read(folder.url))
    let members = gzip(idx([3], [7])) + gzip(Data([10, 7]))
    try folder.write(members, "train-labels-idx1-ubyte.gz")
    check(try LabelledSource.read(folder.url))

    let path = "\(folder.path)/train-labels-idx1-ubyte.gz"
    try folder.write(labels.dropLast(9), "train-labels-idx1-ubyte.gz")
    expectError(
      "\(path): the compressed file is cut short. Copy or download it again"
    ) { try LabelledSource.read(folder.url) }
    var damaged = labels
    damaged[damaged.count - 6] ^= 1
    try folder.write(damaged, "train-labels-idx1-ubyte.gz")
    expectError("\(path): the compressed file is damaged") { try LabelledSource.read(folder.url) }
  }

  /// A gzip file that stores `data` uncompressed (RFC 1952, and RFC 1951 section 3.2.4).
  private func gzip(_ data: Data) -> Data {
    var file = Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1])
    let count = UInt16(data.count)
    for word in [count, ~count] { file.append(contentsOf: [UInt8(word & 255), UInt8(word >> 8)]) }
    file.append(data)
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in data {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    for word in [~checksum, UInt32(data.count)] {
      for shift in [0, 8, 16, 24] { file.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return file
  }

  @Test func damagedFilesAreRefusedWithTheReason() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    let imagesPath = "\(folder.path)/train-images-idx3-ubyte"
    let labelsPath = "\(folder.path)/train-labels-idx1-ubyte"
    func read(images: Data? = nil, labels: Data? = nil) throws -> LabelledData {
      try write(folder)
      if let images { try folder.write(images, "train-images-idx3-ubyte") }
      if let labels { try folder.write(labels, "train-labels-idx1-ubyte") }
      return try LabelledSource.read(folder.url)
    }
    expectError(
      "\(imagesPath): is no idx file: it does not begin with the format's magic number"
    ) { try read(images: Data("\u{89}PNG".utf8)) }
    expectError(
      "\(imagesPath): is no idx file: it does not begin with the format's magic number"
    ) { try read(images: Data()) }
    expectError("\(imagesPath): holds idx elements of type 13, only bytes (type 8) are read") {
      try read(images: idx([3, 2, 3], images, type: 13))
    }
    expectError("\(imagesPath): the idx file is cut short in its header") {
      try read(images: idx([3, 2, 3], []).prefix(10))
    }
    expectError(
      "\(imagesPath): the header says [3, 2, 3], 18 bytes, but 17 follow: the file is cut short"
    ) { try read(images: idx([3, 2, 3], Array(images.dropLast()))) }
    expectError("\(imagesPath): the header says [3, 2, 3], 18 bytes, but 19 follow") {
      try read(images: idx([3, 2, 3], images + [0]))
    }
    expectError(
      "\(imagesPath): the header says [4294967295, 4294967295, 3], which is too large"
    ) { try read(images: idx([0xFFFF_FFFF, 0xFFFF_FFFF, 3], [])) }
    expectError(
      "\(imagesPath): holds [18], which are no pictures. "
        + "Expected [pictures, rows, columns], or four axes with 1 or 3 channels last"
    ) { try read(images: idx([18], images)) }
    expectError("\(labelsPath): holds [1, 3], which are no labels") {
      try read(labels: idx([1, 3], [7, 10, 7]))
    }
    expectError("\(labelsPath): holds 2 labels for 3 pictures in train-images-idx3-ubyte") {
      try read(labels: idx([2], [7, 10]))
    }
    expectError(
      "\(imagesPath): all pictures are of one class: 7. A classifier needs two classes at least. "
        + "Check the file with the labels"
    ) { try read(labels: idx([3], [7, 7, 7])) }
    expectError(
      "\(folder.path)/t10k-images-idx3-ubyte: the class 10 is unknown. "
        + "The classes trained on are: 7, 8"
    ) { try read(labels: idx([3], [7, 8, 7])) }
    try FileManager.default.removeItem(at: folder.file("train-labels-idx1-ubyte"))
    expectError(
      "\(imagesPath): there are pictures but no labels. "
        + "Expected train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz beside it"
    ) { try LabelledSource.read(folder.url) }
  }
}
