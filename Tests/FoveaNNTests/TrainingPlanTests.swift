import FoveaArray
import FoveaGraph
import FoveaKernels
import FoveaNN
import FoveaTestSupport
import FoveaTrain
import Testing

/// What the `cnn` workload's plans are made of.
struct TrainingPlanTests {
  private func session(_ mode: WorkloadBenchmark.Mode, batch: Int = 64) throws -> Session {
    let session = try WorkloadBenchmark.session(
      for: Workload(named: "cnn"), mode: mode, batch: batch, threads: 2)
    if mode == .train { try session.set("step", to: HostArray(Float(1))) }
    return session
  }

  /// The instruction set that oneDNN's convolutions are compiled for here.
  private func instructionSet(_ plan: Plan) throws -> String {
    let first = try #require(plan.steps.first { $0.op == Convolution2D.name })
    let name = first.kernel.implementation
    return try #require(
      ["avx512_core", "avx2", "sse41"].first { name.contains($0) },
      "this machine's convolution is \(name)")
  }

  // MARK: Kernels

  @Test(arguments: WorkloadBenchmark.Mode.allCases)
  func noKernelIsOneDNNsReference(mode: WorkloadBenchmark.Mode) throws {
    let plan = try session(mode).plan
    for step in plan.steps + plan.preparation {
      let words = step.kernel.implementation.split { !$0.isLetter }
      #expect(!words.contains("ref"), "\(step.op) runs on \(step.kernel.implementation)")
      #expect(!step.kernel.implementation.contains("ref:"))
    }
  }

  @Test func convolutionPoolingAndReLUOfATrainingStepRunInBlocks() throws {
    let plan = try session(.train).plan
    let found = try instructionSet(plan)
    let block = found == "avx512_core" ? 16 : 8
    func steps(_ op: String) -> [Step] { plan.steps.filter { $0.op == op } }
    // Kernels of the machine's widest vectors, forward and backward.
    let convolutions =
      steps(Convolution2D.name) + steps(Convolution2DInputGradient.name)
      + steps(Convolution2DWeightGradient.name) + steps(WinogradConvolution2D.name)
    #expect(convolutions.count == 5)
    // By the rule: the second convolution in all directions, where there is AVX-512.
    let winograd = convolutions.filter { $0.kernel.implementation == "native:winograd" }
    #expect(winograd.count == (found == "avx512_core" ? 3 : 0), "on \(found)")
    for step in convolutions where step.kernel.implementation != "native:winograd" {
      #expect(step.kernel.implementation.contains(found), "on \(found)")
      #expect(step.kernel.implementation.hasPrefix("jit"), "on \(found)")
    }
    // Maps before attention lie in blocks of channels, the picture apart.
    let blocked = "aBcd\(block)b"
    let pools = steps(Pool2D.name).prefix(2)
    #expect(pools.count == 2)
    for step in pools {
      #expect(step.operands.allSatisfy { "\($0.layout)" == blocked }, "on \(found)")
      #expect(step.kernel.implementation.hasPrefix("jit"))
    }
    let masks = plan.steps.filter { step in
      step.settings.contains("reluGradient") && step.operands[0].layout.type.shape.rank == 4
    }
    #expect(masks.count == 2)
    for step in masks {
      #expect(step.operands.allSatisfy { "\($0.layout)" == blocked }, "on \(found)")
    }
    // ReLU itself is part of the convolution.
    let forward = steps(Convolution2D.name) + steps(WinogradConvolution2D.name).prefix(1)
    #expect(forward.allSatisfy { $0.settings.contains("relu") })
  }

  /// Where blocks meet the dense, channels-last arrays of attention, and nowhere else: one reorder
  /// in, one for the gradient back.
  @Test func activationsAreReorderedAroundAttentionAlone() throws {
    let plan = try session(.train).plan
    let sizes = plan.steps.filter(\.isReorder).map(\.operands[0].layout.type.shape.elementCount)
    // 64 items of 8×8 places and 64 channels: the map that attends, and its gradient.
    let maps = sizes.filter { $0 == 64 * 64 * 8 * 8 }
    #expect(maps.count <= 2)
    // With AVX-512 Winograd's kernel makes its own weights; without, oneDNN's gradient of the second
    // convolution's source wants them in another order than the convolution.
    let weights = sizes.filter { $0 == 64 * 32 * 3 * 3 }
    #expect(weights.count <= (ProcessorLevel.current == .avx512 ? 0 : 1))
    #expect(sizes.count == maps.count + weights.count)
    // Nor are the optimiser's arrays copied in a step.
    for step in plan.steps where step.op == UpdateParameter.name {
      #expect(step.operands[0].layout == step.operands[1].layout)
    }
  }

  /// At inference with AVX-512 oneDNN convolves channels last, which Winograd's kernel and attention
  /// read as they are: what is reordered is the picture. Without, it reads the picture as it is and
  /// convolves in blocks: what is reordered is the map that attends.
  @Test func inferenceReordersOneValueAlone() throws {
    let plan = try session(.infer).plan
    let shapes = plan.steps.filter(\.isReorder).map { $0.operands[0].layout.type.shape }
    #expect(
      shapes == (ProcessorLevel.current == .avx512 ? [[64, 3, 32, 32]] : [[64, 8, 8, 64]]))
    let prepared: Set = [Reorder.name, ElementwiseChain.name, WinogradWeights.name]
    #expect(plan.preparation.allSatisfy { prepared.contains($0.op) })
  }

  // MARK: One plan

  @Test func oneTrainingStepIsOnePlan() throws {
    let plan = try session(.train).plan
    let network = try Workload(named: "cnn").network
    // Forward, loss, backward and an update of every parameter, in one list of steps.
    #expect(plan.steps.count { $0.op == UpdateParameter.name } == network.parameters.count)
    #expect(plan.steps.contains { $0.op == Convolution2D.name })
    #expect(plan.steps.contains { $0.op == Convolution2DWeightGradient.name })
    #expect(plan.preparation.isEmpty)
    #expect(plan.updatesVariables)
  }

  // MARK: Memory

  @Test func aTrainingStepTakesNoArrayFromTheHeap() throws {
    let session = try session(.train, batch: 16)
    // oneDNN looks its arguments up in small tables, which it makes for each call and frees.
    #expect(try largestAllocation(in: session) < 4_096)
  }

  @Test func memoryIsUsedAgainThroughTheStep() throws {
    let plan = try session(.train).plan
    let results = plan.steps.flatMap { $0.operands.dropFirst($0.inputCount) }
    let all = results.map(\.layout.byteCount).reduce(0, +)
    #expect(plan.scratchOffset < all / 2)
  }

  // MARK: Determinism

  @Test func theSameStartGivesTheSameBits() throws {
    func trained() throws -> [HostArray] {
      let session = try session(.train, batch: 8)
      var losses: [HostArray] = []
      for step in 1...3 {
        try session.set("step", to: HostArray(Float(step)))
        try session.run()
        losses.append(try session.output("loss"))
      }
      return losses
    }
    #expect(try trained() == trained())
  }
}
