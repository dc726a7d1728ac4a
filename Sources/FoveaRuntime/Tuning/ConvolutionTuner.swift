import COneDNN
import Foundation
import FoveaCompiler
import FoveaTensor

/// Chooses how each convolution of one plan is computed.
final class ConvolutionTuner {
  let policy: KernelPolicy
  /// Whether what is not known may be measured.
  let isMeasuring: Bool
  /// What was chosen, by the key of the task.
  private(set) var chosen: [String: ConvolutionKernel] = [:]
  /// How long was measured.
  private(set) var spentNanoseconds: UInt64 = 0

  private var programs: [Twin: ConvolutionProgram] = [:]
  private lazy var timer = KernelTimer()
  private var reorderTimes: [String: Double] = [:]

  /// - Parameter runsOften: whether the plan is worth measuring for.
  init(_ policy: KernelPolicy, runsOften: Bool) {
    self.policy = policy
    switch policy.tuning {
    case .off: isMeasuring = false
    case .fast: isMeasuring = runsOften && !policy.isDeterministic
    case .full: isMeasuring = !policy.isDeterministic
    }
  }

  var choices: KernelChoices { KernelChoices(chosen.mapValues(\.description)) }

  /// What computes a convolution; the parts of a batch that go through a network one after the other
  /// share it.
  func program(for task: ConvolutionTask) throws(OneDNNError) -> ConvolutionProgram {
    let twin = Twin(
      key: task.key, activation: task.activation, layouts: task.operands.map(\.layout))
    if let known = programs[twin] { return known }
    let program = try choose(task)
    programs[twin] = program
    return program
  }

  /// What tasks must have in common to be computed by the same program.
  private struct Twin: Hashable {
    let key: String
    let activation: Activation
    let layouts: [Layout?]
  }

  private func choose(_ task: ConvolutionTask) throws(OneDNNError) -> ConvolutionProgram {
    let key = task.key
    if let kernel = decided(key), let program = try? task.program(kernel) {
      chosen[key] = kernel
      return program
    }
    if isMeasuring, let best = try measure(task).first {
      chosen[key] = best.kernel
      KernelCache.shared.store(best.kernel.description, for: key)
      return best.program
    }
    return try fixed(task, key)
  }

  /// What was decided before, here or in another process.
  private func decided(_ key: String) -> ConvolutionKernel? {
    if let kernel = chosen[key] { return kernel }
    guard !policy.isDeterministic else { return nil }
    if let kernel = policy.imposed[key].flatMap(ConvolutionKernel.init) { return kernel }
    guard policy.tuning != .off else { return nil }
    return KernelCache.shared.kernel(for: key).flatMap(ConvolutionKernel.init)
  }

  /// The kernel of the table, or where the library has none the one it likes best.
  private func fixed(_ task: ConvolutionTask, _ key: String) throws(OneDNNError)
    -> ConvolutionProgram
  {
    let kernels = [
      KernelTable.kernel(for: task, winograd: !policy.isDeterministic),
      KernelTable.kernel(for: task, winograd: false),
    ]
    for kernel in kernels {
      guard let program = try? task.program(kernel), !program.isReference else { continue }
      chosen[key] = kernel
      return program
    }
    let last = ConvolutionKernel(.direct, .any)
    chosen[key] = last
    return try task.program(last)
  }
}

extension ConvolutionTuner {
  /// A kernel with what it was found to cost.
  struct Measurement {
    let kernel: ConvolutionKernel
    let program: ConvolutionProgram
    /// Nanoseconds of the kernel by itself.
    let time: Double
    /// The same with the changes of layout it causes.
    let cost: Double
  }

  /// Times what may compute a task; the cheapest first, nothing where memory is short. The kernel of
  /// the table stays in front unless another one is clearly cheaper.
  func measure(_ task: ConvolutionTask) throws(OneDNNError) -> [Measurement] {
    let start = DispatchTime.now().uptimeNanoseconds
    defer { spentNanoseconds += DispatchTime.now().uptimeNanoseconds - start }
    let candidates = candidates(for: task)
    var runners: [KernelTimer.Runner] = []
    for (_, program) in candidates { runners.append(try program.runner(for: task)) }
    guard let times = try timer.minima(runners) else { return [] }
    var found: [Measurement] = []
    let expected = try expectedTag(task, candidates.first?.1)
    for (index, (kernel, program)) in candidates.enumerated() {
      let extra = try conversionTime(task, program, expected)
      found.append(
        Measurement(
          kernel: kernel, program: program, time: times[index], cost: times[index] + extra))
    }
    let first = found.first?.kernel
    func rank(_ measurement: Measurement) -> Double {
      measurement.cost * (measurement.kernel == first ? 0.95 : 1)
    }
    return found.sorted { rank($0) < rank($1) }
  }

  /// The kernels there are, each once, in the order of the table.
  private func candidates(for task: ConvolutionTask) -> [(ConvolutionKernel, ConvolutionProgram)] {
    var list: [(kernel: ConvolutionKernel, program: ConvolutionProgram)] = []
    var seen: Set<String> = []
    for kernel in KernelTable.candidates(for: task) {
      guard let program = try? task.program(kernel) else { continue }
      if seen.insert(program.identity(for: task)).inserted { list.append((kernel, program)) }
    }
    // The reference is there so that there is something: it may take a thousand times as long.
    let real = list.filter { !$0.program.isReference }
    return real.isEmpty ? Array(list.prefix(1)) : real
  }

  /// The layout that whoever reads the result likes it in: the one the chain has had so far, or where
  /// it begins the one the table begins it with.
  private func expectedTag(
    _ task: ConvolutionTask, _ first: ConvolutionProgram?
  ) throws(OneDNNError) -> String? {
    guard ConvolutionTask.hasPixels(task.result), let first else { return nil }
    if let incoming = task.incoming, !incoming.isPlain { return incoming.tag }
    guard task.isResultRead else { return nil }
    return Layout(try first.descriptor(task.result, of: task), of: task.resultType).tag
  }

  /// Nanoseconds that changes of layout around a kernel take.
  private func conversionTime(
    _ task: ConvolutionTask, _ program: ConvolutionProgram, _ expected: String?
  ) throws(OneDNNError) -> Double {
    var total = 0.0
    for operand in task.operands where !operand.isConstant {
      guard let layout = operand.layout else { continue }
      let wanted = try program.descriptor(operand.argument, of: task)
      if Layout(wanted, of: operand.type) != layout {
        total += try reorderTime(try layout.descriptor(of: operand.type), wanted)
      }
    }
    if let expected {
      let result = Layout(
        try program.descriptor(task.result, of: task), of: task.resultType)
      // Read and written once, at a rate any memory has.
      if result.tag != expected { total += Double(task.resultType.byteCount) * 0.1 }
    }
    return total
  }

  private func reorderTime(
    _ source: Descriptor, _ target: Descriptor
  ) throws(OneDNNError) -> Double {
    let name = "\(source) \(target)"
    if let known = reorderTimes[name] { return known }
    let primitive = try Primitive { odn_reorder(source.pointer, target.pointer, nil, $0) }
    let runner = try KernelTimer.Runner(primitive, [ODN_ARG_SRC, ODN_ARG_DST])
    guard timer.prepare([runner]) else { return 0 }
    var best = try runner.time()
    for _ in 0..<3 { best = min(best, try runner.time()) }
    reorderTimes[name] = best
    return best
  }
}

extension ConvolutionTask {
  /// Everything a kernel for this task is bound to, scratch memory apart.
  var boundArguments: [odn_arg] {
    operands.map(\.argument) + (hasBias ? [bias] : []) + [result]
  }
}

extension Primitive {
  /// Whether this is the library's slow, plain implementation.
  var isReference: Bool { implementation.hasPrefix("ref") }
}
