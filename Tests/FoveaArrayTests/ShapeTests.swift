import FoveaArray
import Testing

struct ShapeTests {
  @Test func countsAndStrides() {
    let shape: Shape = [2, 3, 5]
    #expect(shape.rank == 3)
    #expect(shape.elementCount == 30)
    #expect(shape.rowMajorStrides == [15, 5, 1])
    #expect(shape[-1] == 5)
    #expect(shape.description == "[2, 3, 5]")
    #expect(Shape([]).elementCount == 1)
    #expect(Shape([4, 0]).elementCount == 0)
  }

  @Test(
    arguments: [
      (Shape([2, 3]), Shape([2, 3]), Shape([2, 3])),
      ([2, 3], [3], [2, 3]),
      ([2, 1], [1, 5], [2, 5]),
      ([], [4], [4]),
      ([], [], []),
      ([1], [0], [0]),
      ([7, 1, 3], [2, 1], [7, 2, 3]),
    ] as [(Shape, Shape, Shape)])
  func broadcasts(left: Shape, right: Shape, result: Shape) throws {
    #expect(try left.broadcast(with: right, in: "add") == result)
    #expect(try right.broadcast(with: left, in: "add") == result)
  }

  @Test func disagreeingShapesNameTheAxis() {
    let error = #expect(throws: ShapeError.self) {
      try Shape([2, 3]).broadcast(with: [2, 4], in: "add")
    }
    #expect(
      error?.description
        == "add: shapes [2, 3] and [2, 4] do not broadcast: sizes 3 and 4 differ at axis -1")
  }

  @Test func axesOverWhichAnArrayWasRepeated() {
    #expect(Shape([3]).axesBroadcast(to: [2, 3]) == [0])
    #expect(Shape([2, 1]).axesBroadcast(to: [2, 3]) == [1])
    #expect(Shape([1, 1]).axesBroadcast(to: [1, 3]) == [1])
    #expect(Shape([2, 1]).broadcastStrides(to: [4, 2, 3]) == [0, 1, 0])
  }

  @Test func axesAreResolvedFromEitherEnd() throws {
    let shape: Shape = [2, 3, 5]
    #expect(try shape.resolved(axis: -1, in: "sum") == 2)
    #expect(try shape.resolved(axes: [-1, 0], in: "sum") == [0, 2])
    #expect(shape.reduced(axes: [0, 2], keepingAxes: true) == [1, 3, 1])
    #expect(shape.reduced(axes: [0, 2], keepingAxes: false) == [3])
    let missing = #expect(throws: ShapeError.self) { try shape.resolved(axis: 3, in: "sum") }
    #expect(missing?.description == "sum: axis 3 does not exist in shape [2, 3, 5] of rank 3")
    let twice = #expect(throws: ShapeError.self) { try shape.resolved(axes: [2, -1], in: "sum") }
    #expect(twice?.description == "sum: axis -1 is named twice in [2, -1]")
  }
}
