import Fovea

/// Shapes, arrays and random numbers.
let arrayProbes: [Probe] = [
  .trapping("Shape: a negative size") { _ in _ = Shape([-1, 2]) },
  .trapping("Shape: more elements than memory") { _ in _ = Shape([.max, 4]) },
  .trappingInside("Shape: a literal with a negative size") { _ in
    let shape: Shape = [-1, 2]
    _ = shape
  },
  .throwing("Shape: checked sizes") { _ in
    do { _ = try Shape(checking: [-1, 2]) } catch { throw InputError("\(error)") }
  },
  .trapping("Shape: axis 5 of 2") { _ in _ = Shape([2, 3])[5] },
  .trapping("Shape: axis −3 of 2") { _ in _ = Shape([2, 3])[-3] },
  .trapping("Shape: broadcast to fewer axes") { _ in _ = Shape([2, 3]).axesBroadcast(to: [3]) },
  .trapping("Shape: strides of another rank") { _ in
    _ = Shape([2, 3]).broadcastStrides(to: [2, 3], strides: [1])
  },
  .trapping("ArrayType: more elements than memory") { _ in _ = ArrayType([.max, 4]) },
  .trapping("HostArray: a wrong count") { _ in _ = HostArray([2, 2], [1, 2, 3] as [Float]) },
  .trapping("HostArray: another element type") { _ in
    _ = HostArray([1] as [Int32]).elements(of: Float.self)
  },
  .trappingInside("HostArray: floats of int32") { _ in _ = HostArray([1] as [Int32]).floats },
  .trappingInside("HostArray: scalar of two") { _ in _ = HostArray([1, 2] as [Float]).scalar },
  .trapping("HostArray: reshaped to another count") { _ in
    _ = HostArray([1, 2] as [Float]).reshaped([3])
  },
  .trapping("RandomKey: a bound of 0") { _ in _ = RandomKey(seed: 1).integer(below: 0, at: 0) },
  .trapping("RandomKey: an order of −1") { _ in _ = RandomKey(seed: 1).permutation(of: -1) },
]
