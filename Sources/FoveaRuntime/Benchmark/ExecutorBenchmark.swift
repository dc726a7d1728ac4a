import CKernels
import COneDNN
import Foundation
import FoveaCompiler
import FoveaTensor

/// What a plan adds to each of its steps.
package enum ExecutorBenchmark {
  /// Nanoseconds per step beyond the primitive it calls, over a long chain of the smallest
  /// convolutions there are.
  package static func overhead() throws -> Double {
    fk_adopt_threads()
    let length = 256
    let geometry = ConvolutionGeometry(
      stride: [1, 1], dilation: [1, 1], low: [0, 0], high: [0, 0], groups: 1)
    let (x, w) = (Shape([1, 16, 1, 1]), Shape([16, 16, 1, 1]))
    let image = Tensor(PlainValue(TensorType(x)) { _ in })
    let filter = Tensor(PlainValue(TensorType(w)) { _ in }, role: .state)
    var y = image
    for _ in 0..<length { y = try .recording(Convolution(geometry), [y, filter]) }
    let order = topologicalOrder(of: [y.node])
    let inputs = order.filter { $0.operation == nil }
    let plan = try Planner.plan(
      Graph(of: [y], in: order), inputLayouts: [nil, nil], resultCount: 1, updates: [])
    let arena = PooledMemory(byteCount: plan.memory.byteCount)
    let leaves = zip(inputs, plan.inputLayouts).map { node, layout in
      let type = node.types[0]
      let memory = PooledMemory(byteCount: layout.byteCount(type))
      memset(memory.pointer, 0, memory.byteCount)
      return Node(leaf: EngineValue(type, layout, memory), role: node.role)
    }
    var task = ConvolutionTask(.forward, geometry, .float32, image: x, filter: w, output: x)!
    task.operands[1].isConstant = true
    let program = try ConvolutionTuner(.current, runsOften: false).program(for: task)
    let timer = KernelTimer()
    let runner = try program.runner(for: task)
    _ = timer.prepare([runner])
    var (planTime, bareTime) = (Double.infinity, Double.infinity)
    for _ in 0..<200 {
      var start = DispatchTime.now().uptimeNanoseconds
      _ = try plan.run(leaves, resultCount: 1, arena: arena.pointer, observe: nil)
      planTime = min(planTime, Double(DispatchTime.now().uptimeNanoseconds - start))
      start = DispatchTime.now().uptimeNanoseconds
      for _ in 0..<plan.steps.count { try runner.run() }
      bareTime = min(bareTime, Double(DispatchTime.now().uptimeNanoseconds - start))
    }
    return max(0, planTime - bareTime) / Double(plan.steps.count)
  }
}
