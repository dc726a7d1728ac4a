import CKernels
import COneDNN
import Foundation
import FoveaCompiler
import FoveaTensor

/// Times one convolution as plans run it against the library's primitives called directly.
package struct ConvolutionBenchmark {
  package enum Pass: String, CaseIterable, Sendable {
    case forward
    case inputGradient = "input gradient"
    case filterGradient = "filter gradient"
  }

  package struct Result: Sendable {
    /// Nanoseconds of a run of the plan, and of the fastest primitive.
    package let planTime: Double
    package let bareTime: Double
    /// The library's names of what they ran.
    package let planKernel: String
    package let bareKernel: String
    /// Multiplications and additions of the direct algorithm.
    package let operationCount: Double

    package var ratio: Double { planTime / bareTime }
    /// Of the plan, in 10⁹ operations of the direct algorithm per second.
    package var speed: Double { operationCount / planTime }
  }

  private let plan: Plan
  private let leaves: [Node]
  private let arena: PooledMemory
  private let bare: [(name: String, runner: KernelTimer.Runner)]
  private let timer = KernelTimer()
  private let operationCount: Double

  package init(_ shape: ConvolutionShape, _ pass: Pass, batch: Int) throws {
    fk_adopt_threads()
    let (x, w, y) = (shape.imageShape(batch), shape.filter, shape.outputShape(batch))
    func leaf(_ shape: Shape, _ role: Node.Role) -> Tensor {
      Tensor(PlainValue(TensorType(shape)) { _ in }, role: role)
    }
    let result: Tensor
    switch pass {
    case .forward:
      // As in a trained network: the filter stays what it is.
      result = try .recording(Convolution(shape.geometry), [leaf(x, .data), leaf(w, .state)])
    case .inputGradient:
      result = try .recording(
        ConvolutionImageGradient(shape.geometry, image: x), [leaf(y, .data), leaf(w, .data)])
    case .filterGradient:
      result = try .recording(
        ConvolutionFilterGradient(shape.geometry, filter: w), [leaf(x, .data), leaf(y, .data)])
    }
    // The result replaces a state, for states keep whatever layout suits the plan.
    let state = leaf(result.shape, .state)
    let order = topologicalOrder(of: [result.node, state.node])
    let inputs = order.filter { $0.operation == nil }
    plan = try Planner.plan(
      Graph(of: [result], in: order), inputLayouts: inputs.map { _ in nil }, resultCount: 0,
      updates: [inputs.firstIndex { $0 === state.node }!])
    leaves = zip(inputs, plan.inputLayouts).map { node, layout in
      let type = node.types[0]
      let memory = PooledMemory(byteCount: layout.byteCount(type))
      let words = memory.byteCount / 4
      memory.pointer.initializeMemory(as: Float.self, repeating: 1, count: words)
      return Node(leaf: EngineValue(type, layout, memory), role: node.role)
    }
    arena = PooledMemory(byteCount: plan.memory.byteCount)
    var task = ConvolutionTask(
      pass.task, shape.geometry, .float32, image: x, filter: w, output: y)!
    for (index, node) in inputs.prefix(2).enumerated() {
      task.operands[index].isConstant = node.role == .state
    }
    operationCount = task.operationCount
    bare = try ConvolutionBenchmark.primitives(for: task)
    KernelCache.shared.save()
  }

  /// What the library offers, each once.
  private static func primitives(
    for task: ConvolutionTask
  ) throws -> [(name: String, runner: KernelTimer.Runner)] {
    var found: [(name: String, runner: KernelTimer.Runner)] = []
    // A primitive that stood here twice would find its operands in the caches it has filled itself.
    var seen: Set<String> = []
    let kernels = [
      ConvolutionKernel(.direct, .any), ConvolutionKernel(.direct, .blocked),
      ConvolutionKernel(.winograd, .any),
    ]
    for kernel in kernels where kernel.algorithm == .direct || KernelTable.canTransform(task) {
      guard let primitive = try? task.primitive(kernel) else { continue }
      let program = ConvolutionProgram.primitive(primitive)
      guard seen.insert(program.identity(for: task)).inserted else { continue }
      let runner = try KernelTimer.Runner(primitive, task.boundArguments)
      found.append((primitive.implementation, runner))
    }
    // A reference is no rival, unless there is nothing else.
    let real = found.filter { !$0.name.hasPrefix("ref") }
    return real.isEmpty ? Array(found.prefix(1)) : real
  }

  /// Runs both in turns and takes the shortest time of each; what looks bad is looked at again.
  package func run(patience: Double = 40e6) throws -> Result {
    guard timer.prepare(bare.map(\.runner)) else {
      throw MemoryRefusal(needed: plan.plannedByteCount, limit: MemoryLimit.allowed)
    }
    var planTime = try warm(timePlan)
    var times: [Double] = []
    for (_, runner) in bare { times.append(try warm(runner.time)) }
    let hopeful = bare.indices.filter { times[$0] <= 2.5 * times.min()! }
    let start = DispatchTime.now().uptimeNanoseconds
    var (rounds, limit) = (0, patience)
    while true {
      planTime = min(planTime, try warm(timePlan))
      for index in hopeful { times[index] = min(times[index], try warm(bare[index].runner.time)) }
      rounds += 1
      let spent = Double(DispatchTime.now().uptimeNanoseconds - start)
      guard rounds >= 3, spent >= limit || rounds >= 200 else { continue }
      // Too slow may be noise: up to four times as much patience.
      guard planTime / times.min()! > 1.03, limit < 4 * patience, rounds < 800 else { break }
      limit += patience
    }
    let best = times.indices.min { times[$0] < times[$1] }!
    return Result(
      planTime: planTime, bareTime: times[best],
      planKernel: plan.steps.map(\.kernel).joined(separator: " + "), bareKernel: bare[best].name,
      operationCount: operationCount)
  }

  /// The shortest of three runs in a row: the first one finds the caches full of what others did.
  private func warm(_ time: () throws -> Double) rethrows -> Double {
    min(try time(), try time(), try time())
  }

  /// Nanoseconds of the plan's steps. Handing over inputs and results is done once for a whole
  /// network, so that it is not counted here.
  private func timePlan() throws -> Double {
    let observer = StepObserver()
    _ = try plan.run(leaves, resultCount: 0, arena: arena.pointer, observe: observer)
    return observer.entries.reduce(0) { $0 + Double($1.nanoseconds) }
  }
}

extension ConvolutionBenchmark.Pass {
  fileprivate var task: ConvolutionTask.Pass {
    switch self {
    case .forward: .forward
    case .inputGradient: .image
    case .filterGradient: .filter
    }
  }
}

extension ConvolutionBenchmark {
  /// What all threads together could do at most, in 10⁹ float32 operations per second.
  package static func peak() -> Double {
    fk_adopt_threads()
    return MachineSpeed.computing { fk_fma_run(5_000) }
  }
}
