import COneDNN
package import FoveaArray

/// How the elements of an array lie in memory: row-major, with axes in another order, or in
/// oneDNN's blocks.
///
/// Two layouts are equal when the same bytes mean the same array; strides of axes of size 1 do not
/// count.
package struct Layout: Sendable {
  /// The array's shape and element type.
  package let type: ArrayType
  private let descriptor: Descriptor

  private init(_ type: ArrayType, _ descriptor: dnnl_memory_desc_t) {
    self.type = type
    self.descriptor = Descriptor(descriptor)
  }

  /// The layout that oneDNN reported, for an array of `type` or of the reported shape.
  init(_ descriptor: dnnl_memory_desc_t, type: ArrayType? = nil) {
    if let type {
      self.init(type, descriptor)
    } else {
      let sizes = Descriptor.elements(of: descriptor.dims, count: Int(descriptor.ndims))
      let elementType: ElementType =
        switch descriptor.data_type {
        case dnnl_s32: .int32
        case dnnl_u8: .uint8
        default: .float32
        }
      self.init(ArrayType(Shape(sizes.map { Int($0) }), elementType), descriptor)
    }
  }

  /// Innermost axis last, without gaps.
  package static func rowMajor(_ type: ArrayType) -> Layout {
    strided(type, type.shape.rowMajorStrides)
  }

  /// Element `[i, j, …]` at `i · strides[0] + j · strides[1] + …`.
  package static func strided(_ type: ArrayType, _ strides: [Int]) -> Layout {
    require(
      type.shape.rank <= Int(DNNL_MAX_NDIMS), "layout: \(type.shape) has more than 12 axes")
    var descriptor = dnnl_memory_desc_t()
    // oneDNN has no scalars: one axis of size 1 stands for them.
    var sizes = type.shape.rank == 0 ? [1] : type.shape.sizes.map { Int64($0) }
    var strides = type.shape.rank == 0 ? [1] : strides.map { Int64(max($0, 1)) }
    let status = dnnl_memory_desc_init_by_strides(
      &descriptor, Int32(sizes.count), &sizes, type.elementType.dnnl, &strides)
    require(status == dnnl_success, "layout: \(type) with strides \(strides)")
    return Layout(type, descriptor)
  }

  /// Axes from outermost to innermost in memory, without gaps: `[0, 2, 3, 1]` is channels last.
  package static func ordered(_ type: ArrayType, axes: [Int]) -> Layout {
    var strides = [Int](repeating: 1, count: type.shape.rank)
    var stride = 1
    for axis in axes.reversed() {
      strides[axis] = stride
      stride *= max(type.shape[axis], 1)
    }
    return strided(type, strides)
  }

  /// `[batch, channels, height, width]` in blocks of 4, 8 or 16 channels: oneDNN's `aBcd16b`.
  package static func channelBlocks(of type: ArrayType, block: Int) -> Layout {
    require(type.shape.rank == 4, "layout: \(type) has no channels")
    let tags = [4: dnnl_aBcd4b, 8: dnnl_aBcd8b, 16: dnnl_aBcd16b]
    guard let tag = tags[block] else { fatalError("layout: no blocks of \(block)") }
    var descriptor = dnnl_memory_desc_t()
    var sizes = type.shape.sizes.map { Int64($0) }
    let status = dnnl_memory_desc_init_by_tag(
      &descriptor, 4, &sizes, type.elementType.dnnl, tag)
    require(status == dnnl_success, "layout: blocks of \(type)")
    return Layout(type, descriptor)
  }

  /// Left for a primitive to choose; never the layout of an array that exists.
  package static func any(_ type: ArrayType) -> Layout {
    var descriptor = dnnl_memory_desc_t()
    var sizes = type.shape.sizes.map { Int64($0) }
    let status = dnnl_memory_desc_init_by_tag(
      &descriptor, Int32(sizes.count), &sizes, type.elementType.dnnl, dnnl_format_tag_any)
    require(status == dnnl_success, "layout: any of \(type)")
    return Layout(type, descriptor)
  }
}

// MARK: - Facts

extension Layout {
  /// Bytes the array takes, padding of blocks included.
  package var byteCount: Int {
    type.shape.elementCount == 0 ? 0 : descriptor.withPointer { dnnl_memory_desc_get_size($0) }
  }

  /// Strides in elements; `nil` for blocks.
  package var strides: [Int]? {
    let content = descriptor.content
    guard content.format_kind == dnnl_blocked, content.format_desc.blocking.inner_nblks == 0 else {
      return nil
    }
    return Descriptor.elements(of: content.format_desc.blocking.strides, count: type.shape.rank)
      .map { Int($0) }
  }

  /// The axes from outermost to innermost in memory; `nil` for blocks.
  ///
  /// Where strides are equal, which axes of size 1 bring about, axes keep their order: so the
  /// strides that oneDNN gives a single place, `[n, c, 1, 1]`, still tell channels first from last.
  package var order: [Int]? {
    guard let strides else { return nil }
    return strides.indices.sorted { (-strides[$0], $0) < (-strides[$1], $1) }
  }

  /// Whether the innermost axis comes last and nothing lies between elements.
  package var isRowMajor: Bool { self == .rowMajor(type) }

  /// Whether blocks are filled up with zeros, which whatever writes the array must keep.
  package var isPadded: Bool {
    let content = descriptor.content
    return content.format_kind == dnnl_blocked
      && Descriptor.elements(of: content.padded_dims, count: Int(content.ndims))
        != Descriptor.elements(of: content.dims, count: Int(content.ndims))
  }

  /// The same layout seen with its axes in another order; no byte moves.
  ///
  /// Axis `i` of the result is axis `axes[i]` of `self`.
  package func permuted(_ axes: [Int]) -> Layout? {
    let permuted = ArrayType(Shape(axes.map { type.shape[$0] }), type.elementType)
    guard !axes.isEmpty else { return Layout(permuted, descriptor.content) }
    // oneDNN's permutation says where each old axis goes.
    var destinations = [Int32](repeating: 0, count: axes.count)
    for (new, old) in axes.enumerated() { destinations[old] = Int32(new) }
    var result = dnnl_memory_desc_t()
    let status = descriptor.withPointer {
      dnnl_memory_desc_permute_axes(&result, $0, &destinations)
    }
    return status == dnnl_success ? Layout(permuted, result) : nil
  }

  /// Another array with the same order of axes and the same blocks.
  package func like(_ type: ArrayType) -> Layout {
    require(type.shape.rank == self.type.shape.rank, "layout: ranks differ")
    if let order { return .ordered(type, axes: order) }
    var content = descriptor.content
    let rank = type.shape.rank
    let blockCount = Int(content.format_desc.blocking.inner_nblks)
    let blocks = Descriptor.elements(of: content.format_desc.blocking.inner_blks, count: blockCount)
    let blockAxes = Descriptor.elements(
      of: content.format_desc.blocking.inner_idxs, count: blockCount)
    let oldStrides = Descriptor.elements(of: content.format_desc.blocking.strides, count: rank)
    var padded = type.shape.sizes.map { Int64($0) }
    var blockSizes = [Int64](repeating: 1, count: rank)
    for (axis, size) in zip(blockAxes, blocks) { blockSizes[Int(axis)] *= size }
    for axis in padded.indices {
      padded[axis] = (padded[axis] + blockSizes[axis] - 1) / blockSizes[axis] * blockSizes[axis]
    }
    var strides = [Int64](repeating: 0, count: rank)
    var stride = blocks.reduce(1, *)
    for axis in (0..<rank).sorted(by: { (oldStrides[$0], -$0) < (oldStrides[$1], -$1) }) {
      strides[axis] = stride
      stride *= padded[axis] / blockSizes[axis]
    }
    content.data_type = type.elementType.dnnl
    Descriptor.store(type.shape.sizes.map { Int64($0) }, in: &content.dims)
    Descriptor.store(padded, in: &content.padded_dims)
    Descriptor.store(strides, in: &content.format_desc.blocking.strides)
    return Layout(type, content)
  }

  /// The same bytes under another shape of as many elements; `nil` unless row-major.
  package func reshaped(_ shape: Shape) -> Layout? {
    isRowMajor ? .rowMajor(ArrayType(shape, type.elementType)) : nil
  }

  /// How many channels lie together in `channelBlocks`, of which oneDNN chooses as many as a vector
  /// of the processor holds; `nil` for other layouts.
  package var channelBlock: Int? {
    let content = descriptor.content
    guard content.format_kind == dnnl_blocked, type.shape.rank == 4,
      content.format_desc.blocking.inner_nblks == 1
    else { return nil }
    let block = Int(content.format_desc.blocking.inner_blks.0)
    guard [4, 8, 16].contains(block), self == .channelBlocks(of: type, block: block) else {
      return nil
    }
    return block
  }

  /// `channelBlocks` that are not filled up, as the row-major array that they are: `[batch,
  /// channels / 16, height, width, 16]` for blocks of 16. `nil` for other layouts.
  package var blocksAsAxis: Layout? {
    guard !isPadded, let block = channelBlock else { return nil }
    let sizes = type.shape.sizes
    return .rowMajor(
      ArrayType([sizes[0], sizes[1] / block, sizes[2], sizes[3], block], type.elementType))
  }

  /// A row-major array as it broadcasts to the `blocksAsAxis` of blocks of so many channels: with one
  /// channel, or with one place. `nil` where blocks of channels and places would take turns.
  package func beside(blocksOf block: Int) -> Layout? {
    guard isRowMajor, type.shape.rank <= 4 else { return nil }
    let sizes = [Int](repeating: 1, count: 4 - type.shape.rank) + type.shape.sizes
    let hasOnePlace = sizes[2] == 1 && sizes[3] == 1
    guard sizes[1] == 1 || (hasOnePlace && sizes[1] % block == 0) else { return nil }
    let shape: Shape =
      sizes[1] == 1
      ? [sizes[0], 1, sizes[2], sizes[3], 1] : [sizes[0], sizes[1] / block, 1, 1, block]
    return .rowMajor(ArrayType(shape, type.elementType))
  }

  func withPointer<Result>(
    _ body: (UnsafePointer<dnnl_memory_desc_t>) throws -> Result
  ) rethrows
    -> Result
  { try descriptor.withPointer(body) }
}

extension Layout: Hashable {
  package static func == (left: Layout, right: Layout) -> Bool {
    guard left.type == right.type else { return false }
    return Descriptor.describeSameBytes(left.descriptor.content, right.descriptor.content)
      || left.descriptor.withPointer { left in
        right.descriptor.withPointer { right in dnnl_memory_desc_equal(left, right) == 1 }
      }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(type) }
}

extension Layout: CustomStringConvertible {
  /// oneDNN's notation: `abcd` is row-major, `acdb` channels last, `aBcd16b` blocks of 16 channels.
  package var description: String {
    if type.shape.rank == 0 { return "scalar" }
    let content = descriptor.content
    guard content.format_kind == dnnl_blocked else {
      return content.format_kind == dnnl_format_kind_any ? "any" : "opaque"
    }
    let rank = type.shape.rank
    let strides = Descriptor.elements(of: content.format_desc.blocking.strides, count: rank)
    let blockCount = Int(content.format_desc.blocking.inner_nblks)
    let blocks = Descriptor.elements(of: content.format_desc.blocking.inner_blks, count: blockCount)
    let blockAxes = Descriptor.elements(
      of: content.format_desc.blocking.inner_idxs, count: blockCount)
    func letter(_ axis: Int) -> String { String(UnicodeScalar(UInt8(97 + axis))) }
    let order = (0..<rank).sorted { (-strides[$0], $0) < (-strides[$1], $1) }
    var text = order.map {
      blockAxes.contains(Int64($0)) ? letter($0).uppercased() : letter($0)
    }.joined()
    for (axis, size) in zip(blockAxes, blocks) { text += "\(size)\(letter(Int(axis)))" }
    return text
  }
}

extension ElementType {
  /// oneDNN's name; it has no truth values, bytes stand for them.
  var dnnl: dnnl_data_type_t {
    switch self {
    case .float32: dnnl_f32
    case .int32: dnnl_s32
    case .uint8, .bool: dnnl_u8
    }
  }
}

// MARK: - The descriptor

/// oneDNN's descriptor at a fixed address, never changed after `init`: hence safe to share.
private final class Descriptor: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<dnnl_memory_desc_t>

  init(_ content: dnnl_memory_desc_t) {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: content)
  }

  deinit { pointer.deallocate() }

  var content: dnnl_memory_desc_t { pointer.pointee }

  func withPointer<Result>(
    _ body: (UnsafePointer<dnnl_memory_desc_t>) throws -> Result
  ) rethrows
    -> Result
  { try body(pointer) }

  /// The first `count` elements of an array that C declares with a fixed size.
  static func elements<Tuple>(of tuple: Tuple, count: Int) -> [Int64] {
    withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Int64.self).prefix(count)) }
  }

  static func store<Tuple>(_ elements: [Int64], in tuple: inout Tuple) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      let target = bytes.bindMemory(to: Int64.self)
      for (index, element) in elements.enumerated() { target[index] = element }
    }
  }

  /// Equal but for strides of axes of size 1, which are never used.
  static func describeSameBytes(_ left: dnnl_memory_desc_t, _ right: dnnl_memory_desc_t) -> Bool {
    guard left.format_kind == dnnl_blocked, right.format_kind == dnnl_blocked,
      left.ndims == right.ndims, left.offset0 == right.offset0
    else { return false }
    let rank = Int(left.ndims)
    let padded = elements(of: left.padded_dims, count: rank)
    let leftBlocks = left.format_desc.blocking
    let rightBlocks = right.format_desc.blocking
    let blockCount = Int(leftBlocks.inner_nblks)
    guard padded == elements(of: right.padded_dims, count: rank),
      leftBlocks.inner_nblks == rightBlocks.inner_nblks,
      elements(of: leftBlocks.inner_blks, count: blockCount)
        == elements(of: rightBlocks.inner_blks, count: blockCount),
      elements(of: leftBlocks.inner_idxs, count: blockCount)
        == elements(of: rightBlocks.inner_idxs, count: blockCount)
    else { return false }
    let leftStrides = elements(of: leftBlocks.strides, count: rank)
    let rightStrides = elements(of: rightBlocks.strides, count: rank)
    return (0..<rank).allSatisfy { padded[$0] == 1 || leftStrides[$0] == rightStrides[$0] }
  }
}
