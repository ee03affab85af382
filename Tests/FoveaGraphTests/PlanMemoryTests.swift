import FoveaArray
import FoveaGraph
import FoveaKernels
import Testing

struct PlanMemoryTests {
  private func blocks(seed: Int) -> [PlanMemory.Block] {
    let key = RandomKey(seed: 5).folding(seed)
    return (0..<60).map { index in
      func draw(_ bound: Int, _ purpose: Int) -> Int {
        key.folding(purpose).integer(below: bound, at: UInt64(index))
      }
      let first = draw(40, 0)
      return PlanMemory.Block(
        bytes: draw(5, 1) == 0 ? 0 : 1 + draw(5_000, 2), firstStep: first,
        lastStep: first + draw(8, 3))
    }
  }

  @Test(arguments: 0..<20) func arraysThatLiveAtOneTimeDoNotOverlap(seed: Int) {
    let blocks = blocks(seed: seed)
    let (offsets, bytes) = PlanMemory.place(blocks)
    for left in blocks.indices where blocks[left].bytes > 0 {
      #expect(offsets[left] % PlanMemory.alignment == 0)
      #expect(offsets[left] + blocks[left].bytes <= bytes)
      for right in blocks.indices where right > left && blocks[right].bytes > 0 {
        let meet =
          blocks[left].firstStep <= blocks[right].lastStep
          && blocks[right].firstStep <= blocks[left].lastStep
        guard meet else { continue }
        #expect(
          offsets[left] + blocks[left].bytes <= offsets[right]
            || offsets[right] + blocks[right].bytes <= offsets[left])
      }
    }
  }

  @Test(arguments: 0..<20) func memoryIsUsedAgain(seed: Int) {
    let blocks = blocks(seed: seed)
    let (_, bytes) = PlanMemory.place(blocks)
    let all = blocks.map { PlanMemory.aligned($0.bytes) }.reduce(0, +)
    let most =
      (0..<50).map { step in
        blocks.filter { $0.firstStep <= step && step <= $0.lastStep }
          .map { PlanMemory.aligned($0.bytes) }.reduce(0, +)
      }.max() ?? 0
    // No plan is smaller than what lives at once; greedy by size comes within a quarter of that.
    #expect(bytes >= most)
    #expect(bytes < most * 5 / 4)
    #expect(bytes < all / 2)
  }

  @Test func aChainOfEqualArraysNeedsTwo() {
    let blocks = (0..<10).map { PlanMemory.Block(bytes: 640, firstStep: $0, lastStep: $0 + 1) }
    #expect(PlanMemory.place(blocks).bytes == 1_280)
  }

  @Test func nothingNeedsNothing() {
    #expect(PlanMemory.place([]).bytes == 0)
    #expect(PlanMemory.place([.init(bytes: 0, firstStep: 0, lastStep: 3)]).bytes == 0)
  }

  // MARK: Whole plans

  /// The operands of a plan's steps, with the steps at which each place is written and last read.
  private func check(_ plan: Plan) {
    struct Life {
      let slot: Slot
      let offset: Int
      let first: Int
      var last: Int
    }
    var lives: [Life] = []
    func bytes(_ slot: Slot) -> Int { slot.layout.byteCount }
    for (number, step) in plan.steps.enumerated() {
      for (position, slot) in step.operands.enumerated() {
        guard case .arena(let offset) = slot.storage else { continue }
        if position >= step.inputCount {
          lives.append(Life(slot: slot, offset: offset, first: number, last: number))
        } else if let writer = lives.lastIndex(where: { $0.offset == offset }) {
          lives[writer].last = number
        }
      }
    }
    for output in plan.outputs.values {
      guard case .arena(let offset) = output.storage,
        let writer = lives.lastIndex(where: { $0.offset == offset })
      else { continue }
      lives[writer].last = plan.steps.count
    }
    for (index, life) in lives.enumerated() {
      #expect(life.offset + bytes(life.slot) <= plan.scratchOffset)
      for other in lives[(index + 1)...] {
        // A result may take the place of an operand that dies in the same step.
        let meet = life.first < other.last && other.first < life.last
        guard meet, bytes(life.slot) > 0, bytes(other.slot) > 0 else { continue }
        #expect(
          life.offset + bytes(life.slot) <= other.offset
            || other.offset + bytes(other.slot) <= life.offset,
          "step \(life.first) and step \(other.first) share memory")
      }
    }
  }

  @Test(arguments: 0..<12) func noStepOfAPlanWritesWhatIsStillNeeded(seed: Int) throws {
    let random = RandomGraph(seed: seed)
    check(try random.graph.compile(outputs: random.outputs))
  }

  @Test func aLongNetworkTakesTheMemoryOfAShortOne() throws {
    func arena(layers: Int) throws -> Int {
      let graph = Graph()
      var x = graph.input("x", ArrayType([64, 64]))
      for _ in 0..<layers { x = x.matmul(x).softmax() }
      return try graph.compile(outputs: ["y": x]).arenaBytes
    }
    #expect(try arena(layers: 20) == arena(layers: 3))
  }

  /// An elementwise result takes its operand's place.
  @Test func anElementwiseStepRunsInPlace() throws {
    let graph = Graph()
    let x = graph.input("x", ArrayType([64, 64]))
    let plan = try graph.compile(outputs: ["y": x.softmax().tanh()])
    let last = try #require(plan.steps.last)
    #expect(last.operands[0].storage == last.operands[last.inputCount].storage)
    // Not so where the operand is asked for.
    let asked = x.softmax()
    let both = try graph.compile(outputs: ["x": asked, "y": asked.tanh()])
    let step = try #require(both.steps.last)
    #expect(step.operands[0].storage != step.operands[step.inputCount].storage)
  }
}
