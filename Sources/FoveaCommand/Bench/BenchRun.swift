import Fovea
import FoveaCommandKit
import FoveaRuntime

/// What was measured of a network.
struct BenchRun {
  let subject: BenchSubject
  /// Of each pass.
  let times: SortedTimes
  let machine: MachineSpeed
  /// Multiply-adds of a pass, as the direct algorithms count them.
  let multiplyAdds: Int
  /// What the plan takes, what the process had in memory after the passes, and the most it had during
  /// them; in bytes.
  let memory: (planned: Int, resident: Int, peak: Int)
  /// The most memory of the process from its beginning.
  let processPeak: Int
  /// What making the plans cost.
  let making: PlanMaking
  /// The steps of the plan, if they were asked for.
  let layers: LayerProfile?

  init(_ subject: BenchSubject, seconds: Double, withLayers: Bool) throws {
    self.subject = subject
    let (entries, paths) = try LayerPaths.tracing {
      try StepObserver.entries { try subject.pass() }
    }
    multiplyAdds = entries.reduce(0) { $0 + $1.work.multiplyAdds }
    making = Engine.planMaking
    machine = MachineSpeed.measured()
    // The first passes after a plan was made find the caches full of other things.
    for _ in 0..<2 { try subject.pass() }
    let firstPeak = MemoryUse.peak
    MemoryUse.forgetPeak()
    var times: [Double] = []
    let start = monotonicSeconds()
    while times.count < 5 || (monotonicSeconds() - start < seconds && times.count < 100_000) {
      times.append(try subject.milliseconds())
    }
    self.times = SortedTimes(times)
    memory = (MemoryUse.planned, MemoryUse.resident, MemoryUse.recentPeak)
    processPeak = max(firstPeak, MemoryUse.peak, memory.peak)
    guard withLayers else {
      layers = nil
      return
    }
    let count = min(max(Int(seconds * 500 / self.times.median), 5), 101)
    let runs = try (0..<count).map { _ in try StepObserver.entries { try subject.pass() } }
    layers = LayerProfile(of: entries, runs, paths, machine)
  }

  /// 10⁹ operations per second, a multiply-add counting as two.
  var speed: Double { 2 * Double(multiplyAdds) / times.median / 1e6 }

  /// The same as a share of what the processor can do in registers.
  var shareOfPeak: Double {
    speed / (Precision.current == .bfloat16 ? machine.bfloat16 : machine.float32)
  }

  /// Pictures per second.
  var rate: Double { Double(subject.batch) / times.median * 1000 }
}
