import CKernels
import COneDNN
import Foundation

/// Something with slots for its arguments that can be run.
protocol BoundCall: AnyObject {
  func bind(_ slot: Int, _ memory: UnsafeMutableRawPointer)
  func run() throws(OneDNNError)
}

extension PrimitiveCall: BoundCall {}

/// Times kernels against one another, in memory they share.
final class KernelTimer {
  private var memory: UnsafeMutableRawPointer?
  private var byteCount = 0

  deinit { fk_free(memory) }

  /// A kernel with memory behind every argument.
  final class Runner {
    fileprivate let call: any BoundCall
    fileprivate let sizes: [Int]

    /// - Parameter sizes: bytes behind each slot.
    init(_ call: any BoundCall, sizes: [Int]) {
      self.call = call
      self.sizes = sizes
    }

    convenience init(_ primitive: Primitive, _ arguments: [odn_arg]) throws(OneDNNError) {
      var numbers: [Int32] = []
      var sizes: [Int] = []
      for argument in arguments {
        numbers.append(Int32(argument.rawValue))
        sizes.append(try primitive.descriptor(argument).byteCount)
      }
      if primitive.scratchByteCount > 0 {
        numbers.append(Int32(ODN_ARG_SCRATCHPAD.rawValue))
        sizes.append(primitive.scratchByteCount)
      }
      self.init(try PrimitiveCall(primitive, numbers), sizes: sizes)
    }

    func run() throws(OneDNNError) { try call.run() }

    /// Nanoseconds of one run.
    func time() throws(OneDNNError) -> Double {
      let start = DispatchTime.now().uptimeNanoseconds
      try call.run()
      return Double(DispatchTime.now().uptimeNanoseconds - start)
    }
  }

  /// Lends memory to all of them, and writes it once: pages nobody has written are all one page.
  ///
  /// - Returns: whether there was as much memory; measuring is not worth running out of it.
  func prepare(_ runners: [Runner]) -> Bool {
    let need = runners.map { $0.sizes.reduce(0) { $0 + MemoryPlan.rounded($1) } }.max() ?? 0
    if need > byteCount {
      fk_free(memory)
      memory = nil
      byteCount = 0
      guard need <= MemoryLimit.allowed, let fresh = fk_allocate(Int64(need)) else { return false }
      memory = fresh
      byteCount = need
      // About 1, as float32 and as bfloat16.
      fresh.initializeMemory(as: UInt32.self, repeating: 0x3F80_3F80, count: need / 4)
    }
    for runner in runners {
      var offset = 0
      for (slot, size) in runner.sizes.enumerated() {
        runner.call.bind(slot, memory! + offset)
        offset += MemoryPlan.rounded(size)
      }
    }
    return true
  }

  /// The shortest time of each, in nanoseconds, taken in turns so that all meet the same weather;
  /// `nil` when there is not enough memory.
  ///
  /// - Parameter patience: nanoseconds to spend; each is run at least three times in addition to two
  ///   runs that warm up, except what those have shown to be hopeless.
  func minima(
    _ runners: [Runner], patience: Double = 20e6
  ) throws(OneDNNError) -> [Double]? {
    guard prepare(runners) else { return nil }
    var best: [Double] = []
    for runner in runners { best.append(min(try runner.time(), try runner.time())) }
    let hopeless = (best.min() ?? 0) * 3
    var hopeful: [Int] = []
    for index in runners.indices where best[index] <= hopeless { hopeful.append(index) }
    guard hopeful.count > 1 else { return best }
    var (spent, rounds) = (0.0, 0)
    while rounds < 3 || (spent < patience && rounds < 60) {
      for index in hopeful {
        let time = try runners[index].time()
        best[index] = min(best[index], time)
        spent += time
      }
      rounds += 1
    }
    return best
  }
}
