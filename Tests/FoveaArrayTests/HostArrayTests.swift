import FoveaArray
import Testing

struct HostArrayTests {
  @Test func holdsEveryElementType() {
    #expect(HostArray([1.5, -2] as [Float]).type == ArrayType([2], .float32))
    #expect(HostArray([2, 2], [1, 2, 3, 4] as [Int32]).elements(of: Int32.self) == [1, 2, 3, 4])
    #expect(HostArray(UInt8(7)).type == ArrayType([], .uint8))
    #expect(HostArray(zeros: ArrayType([3], .bool)).elements() == [false, false, false])
    #expect(ArrayType([2, 3], .uint8).description == "uint8[2, 3]")
  }

  @Test func bytesGoOutAndIn() {
    let arrays = [
      HostArray([2, 2], [1, -2, .infinity, 0.25] as [Float]),
      HostArray([-1, 70_000] as [Int32]), HostArray([0, 255] as [UInt8]),
      HostArray([true, false, true]), HostArray(zeros: ArrayType([0, 4], .float32)),
    ]
    for array in arrays {
      let copy = array.withBytes { HostArray(array.type, copying: $0) }
      #expect(copy == array)
    }
  }

  @Test func aCountThatDisagreesTraps() async {
    await #expect(processExitsWith: .failure) { _ = HostArray([2, 2], [1, 2, 3] as [Float]) }
  }

  @Test func anotherElementTypeTraps() async {
    await #expect(processExitsWith: .failure) { _ = HostArray([1] as [Int32]).floats }
  }
}
