import FoundationEssentials
import FoveaArray
import Testing

struct SafetensorsTests {
  /// A file made of a header text and data bytes.
  private func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> Data {
    var file = Data()
    let length = length ?? UInt64(header.utf8.count)
    for shift in 0..<8 { file.append(UInt8(truncatingIfNeeded: length >> (8 * shift))) }
    file.append(contentsOf: header.utf8)
    file.append(contentsOf: data)
    return file
  }

  @Test func arraysComeBackAsTheyWere() throws {
    let arrays = [
      "weight": HostArray([2, 3], [1, -2, 3.5, 0, .infinity, 0x1p-140] as [Float]),
      "step": HostArray(Int32(-7)),
      "pixels": HostArray([3], [0, 128, 255] as [UInt8]),
      "mask": HostArray([2, 1], [true, false]),
      "empty": HostArray(zeros: ArrayType([0, 4])),
    ]
    let file = try Safetensors(
      Safetensors.encoded(arrays, metadata: ["model": "cnn \"1\""]), path: "memory")
    #expect(file.metadata == ["model": "cnn \"1\""])
    #expect(file.entries.count == 5)
    for (name, array) in arrays { #expect(try file.array(name) == array) }
    #expect(try Safetensors.encoded(arrays) == Safetensors.encoded(arrays))
  }

  @Test func everyArrayIsAlignedToItsElements() throws {
    let arrays = ["a": HostArray([3], [1, 2, 3] as [UInt8]), "b": HostArray(Float(1))]
    let data = try Safetensors.encoded(arrays)
    let file = try Safetensors(data, path: "memory")
    let dataStart = data.count - 7
    #expect(dataStart % 8 == 0)
    #expect(file.entry("b")?.bytes == 0..<4)
    #expect(file.entry("a")?.bytes == 4..<7)
  }

  @Test func otherWidthsAreWidenedOrRefused() throws {
    let header = """
      {"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},\
      "l":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},\
      "h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},\
      "b":{"dtype":"BF16","shape":[],"data_offsets":[20,22]},\
      "s":{"dtype":"I16","shape":[1],"data_offsets":[22,24]}}
      """
    let data: [UInt8] =
      [0, 0, 0, 0, 0, 0, 0xF8, 0x3F] + [0xFE, 255, 255, 255, 255, 255, 255, 255]
      + [0x00, 0x3C, 0x01, 0x00] + [0x80, 0xBF] + [0xFF, 0x7F]
    let opened = try Safetensors(file(header, data: data), path: "x")
    #expect(try opened.array("d").floats == [1.5])
    #expect(try opened.doubles("d") == [1.5])
    #expect(try opened.array("l").elements(of: Int32.self) == [-2])
    #expect(try opened.array("h").floats == [1, 0x1p-24])
    #expect(try opened.array("b").floats == [-1])
    #expect(try opened.array("s").elements(of: Int32.self) == [32767])
    #expect(throws: InputError("array l holds I64, not floating point", at: "x")) {
      try opened.doubles("l")
    }
    #expect(throws: InputError("holds no array called z", at: "x")) { try opened.array("z") }
    let wide = try Safetensors(
      file(
        #"{"l":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
        data: [0, 0, 0, 0, 1, 0, 0, 0]), path: "x")
    #expect(throws: InputError("array l holds 4294967296, which does not fit int32", at: "x")) {
      try wide.array("l")
    }
  }

  @Test(
    arguments: [
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3,
        "the arrays take 4 bytes, 3 are there: the file is cut short"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5,
        "1 bytes at the end belong to no array"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
        "array a of F32[2] takes 8 bytes, its offsets span 4"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4,
        "array a has impossible offsets [4, 0]"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4,
        "array a has impossible offsets [0]"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
        "array a has a negative size [-1]"
      ),
      (
        #"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, 4,
        "array a has the unknown type F99"
      ),
      (
        #"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4,
        "array a needs dtype, shape and data_offsets"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#, 3,
        "bytes 1 to 2 belong to no array"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
          + #""b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2,
        "array b overlaps the one before it"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4,
        "array a is too large"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1,
        "the header says a twice"
      ),
      (
        #"{"a\"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""\u0061\"":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2,
        #"the header says a" twice"#
      ),
      (
        #"{"__metadata__":{},"__metadata__":{}}"#, 0,
        "the header says __metadata__ twice"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}"#, 1,
        "array a needs dtype, shape and data_offsets"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}}"#, 1,
        "array a needs dtype, shape and data_offsets"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#, 1,
        "array a needs dtype, shape and data_offsets"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}"#, 1,
        "array a has impossible offsets [-1, 0]"
      ),
      (
        #"{"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}"#, 1,
        "array a needs dtype, shape and data_offsets"
      ),
      (
        #"{"a":7}"#, 0,
        "array a needs dtype, shape and data_offsets"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4611686018427387904,4611686018427387904],"#
          + #""data_offsets":[0,1]}}"#, 1,
        "array a is too large"
      ),
      (
        #"{} trailing"#, 0,
        "the header is not valid JSON"
      ),
      (
        #"{"__metadata__":{"a":1}}"#, 0,
        "__metadata__ must hold text only"
      ),
      (
        #"["a"]"#, 0,
        "the header does not begin with {"
      ),
      (
        #"{"a":"#, 0,
        "the header is not valid JSON"
      ),
    ] as [(String, Int, String)])
  func aMalformedHeaderIsRejectedWithItsReason(header: String, bytes: Int, reason: String) {
    #expect(throws: InputError("not a safetensors file: \(reason)", at: "x.safetensors")) {
      try Safetensors(
        file(header, data: [UInt8](repeating: 0, count: bytes)), path: "x.safetensors")
    }
  }

  @Test func anImpossibleLengthIsRejected() {
    #expect(throws: InputError("not a safetensors file: 3 bytes hold no header length", at: "x")) {
      try Safetensors(Data([1, 2, 3]), path: "x")
    }
    #expect(
      throws: InputError(
        "not a safetensors file: the header should take 50 bytes, 2 are there", at: "x")
    ) { try Safetensors(file("{}", length: 50), path: "x") }
    #expect(
      throws: InputError(
        "not a safetensors file: a header of 18446744073709551615 bytes is over the format's "
          + "limit of 100,000,000", at: "x")
    ) { try Safetensors(file("{}", length: .max), path: "x") }
  }

  @Test func aHeaderThatIsNoTextIsRejected() {
    let header = Data(#"{"a"#.utf8) + Data([0xFF, 0xFE, 0xC0]) + Data(#"":1}"#.utf8)
    let file = Data([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]) + header
    #expect(throws: InputError("not a safetensors file: the header is not valid JSON", at: "x")) {
      try Safetensors(file, path: "x")
    }
  }

  /// Every file cut short at any byte is refused, none crashes.
  @Test func aFileThatIsCutAnywhereIsRejected() throws {
    let whole = try Safetensors.encoded(["a": HostArray([1, 2] as [Float])])
    for length in 0..<whole.count {
      #expect(throws: InputError.self) { try Safetensors(whole.prefix(length), path: "x") }
    }
  }

  /// Names that differ, names within metadata, and names that look like structure are no duplicates.
  @Test func namesThatDifferAreKept() throws {
    let arrays = [
      "a{": HostArray(Float(1)), "a}:": HostArray(Float(2)), "dtype": HostArray(Float(3)),
    ]
    let file = try Safetensors(
      Safetensors.encoded(arrays, metadata: ["dtype": "a", "shape": "\"a\": 1"]), path: "memory")
    for (name, array) in arrays { #expect(try file.array(name) == array) }
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: InputError.self) {
      try Safetensors(contentsOf: URL(filePath: "/nonexistent/model.safetensors"))
    }
  }
}
