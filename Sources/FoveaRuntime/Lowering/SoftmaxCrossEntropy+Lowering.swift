import CKernels
import FoveaCompiler
import FoveaTensor

extension SoftmaxCrossEntropy: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = CrossEntropyProblem(target, vertex.operandTypes) else { return false }
    let logits = try plan.plain(vertex.operands[0])
    let labels = try plan.plain(vertex.operands[1])
    let loss = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(logits), BufferPlace(loss))
    let narrow = problem.scratch(plan)
    let at = BufferPlace(labels)
    plan.emit(
      name, kernel: "softmax", reads: [logits, labels], writes: [loss], scratch: narrow,
      scope: vertex.scope, mayRefuse: true
    ) { memory in
      var entropy = problem.entropy
      entropy.logits = UnsafePointer(memory.floats(from))
      entropy.loss = memory.floats(to)
      try problem.run(&entropy, memory, labels: at, scratch: narrow)
    }
    return true
  }
}

extension SoftmaxCrossEntropyGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = CrossEntropyProblem(target, Array(vertex.operandTypes.dropFirst())) else {
      return false
    }
    let g = try plan.plain(vertex.operands[0])
    let logits = try plan.plain(vertex.operands[1])
    let labels = try plan.plain(vertex.operands[2])
    let dx = plan.allocate(vertex.result(0))
    let (weights, from, to) = (BufferPlace(g), BufferPlace(logits), BufferPlace(dx))
    let narrow = problem.scratch(plan)
    let at = BufferPlace(labels)
    plan.emit(
      name, kernel: "softmax", reads: [g, logits, labels], writes: [dx], scratch: narrow,
      scope: vertex.scope, mayRefuse: true
    ) { memory in
      var entropy = problem.entropy
      entropy.logits = UnsafePointer(memory.floats(from))
      entropy.weights = UnsafePointer(memory.floats(weights))
      entropy.gradient = memory.floats(to)
      try problem.run(&entropy, memory, labels: at, scratch: narrow)
    }
    return true
  }
}

/// A label that names no class, found while a plan ran.
public struct LabelError: Error, Equatable, CustomStringConvertible {
  /// The place of the label among all labels, in row-major order.
  public let sample: Int
  public let label: Int
  public let classes: Int

  public var description: String {
    "sample \(sample) has label \(label), but there are \(classes) classes, numbered from 0 to "
      + "\(classes - 1)"
  }
}

/// Cross-entropy in the kernel's words.
private struct CrossEntropyProblem {
  /// Without its pointers.
  let entropy: fk_cross_entropy
  private let classes: Int
  private let labels: TensorType

  init?(_ target: LabelTarget, _ operandTypes: [TensorType]) {
    let (logits, labels) = (operandTypes[0], operandTypes[1])
    guard logits.elementType == .float32 else { return nil }
    var entropy = fk_cross_entropy()
    entropy.shape = fk_axis(logits.shape, axis: 1)
    entropy.smoothing = Float(target.smoothing)
    if let ignored = target.ignored {
      guard let ignored = Int32(exactly: ignored) else { return nil }
      entropy.has_ignored = 1
      entropy.ignored = ignored
    }
    self.entropy = entropy
    classes = logits.shape[1]
    self.labels = labels
  }

  /// Room for labels of 32 bits, where those given have 64.
  func scratch(_ plan: PlanBuilder) -> Int? {
    labels.elementType == .int32
      ? nil : plan.scratch(byteCount: labels.shape.count * MemoryLayout<Int32>.size)
  }

  func run(
    _ entropy: inout fk_cross_entropy, _ memory: BufferTable, labels place: BufferPlace,
    scratch: Int?
  ) throws {
    if let scratch {
      let narrow = memory[BufferPlace(buffer: scratch)]
      // What does not fit becomes the nearest number that does, which is no class either.
      let status = fk_convert(narrow, FK_S32, memory[place], FK_S64, Int64(labels.shape.count))
      precondition(status == FK_OK, "labels were refused")
      entropy.labels = UnsafePointer(narrow.assumingMemoryBound(to: Int32.self))
    } else {
      entropy.labels = UnsafePointer(memory.integers(place))
    }
    let sample = Int(fk_softmax_cross_entropy(&entropy))
    guard sample >= 0 else { return }
    let label =
      scratch == nil
      ? Int(memory.integers(place)[sample])
      : Int(memory[place].assumingMemoryBound(to: Int64.self)[sample])
    throw LabelError(sample: sample, label: label, classes: classes)
  }
}
