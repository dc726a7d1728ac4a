import Fovea
import FoveaRuntime

/// A step of a plan, or several of the same layer and kernel.
struct LayerRow {
  /// What steps share that are one row.
  struct Name: Hashable {
    /// The path of the layer.
    let path: String
    let operation: String
    let kernel: String
    let layout: String
  }

  let name: Name
  /// What it is, in a word.
  let kind: String
  private(set) var stepCount = 1
  private(set) var nanoseconds: Double
  private(set) var multiplyAdds: Int
  private(set) var byteCount: Int
  /// Nanoseconds that multiplying alone, and that moving bytes alone, would take.
  private(set) var computing: Double
  private(set) var moving: Double
  /// The peak it is measured by, in 10⁹ operations per second.
  private let peak: Double

  init(
    _ entry: StepObserver.Entry, path: String, nanoseconds: Double, keeping kept: Int,
    _ machine: MachineSpeed
  ) {
    name = Name(
      path: path, operation: entry.name, kernel: entry.kernel, layout: entry.layout)
    kind =
      entry.isUpdate
      ? "update"
      : entry.kernel == "chain"
        ? "element-wise" : String(entry.name.prefix { $0 != "+" && $0 != "(" })
    self.nanoseconds = nanoseconds
    multiplyAdds = entry.work.multiplyAdds
    byteCount = entry.work.byteCount
    let roofline = Roofline(
      entry.work, kernel: entry.kernel, keeping: kept, on: machine)
    (computing, moving) = (roofline.computing, roofline.moving)
    peak = entry.work.factors == .bfloat16 ? machine.bfloat16 : machine.float32
  }

  mutating func add(_ other: LayerRow) {
    stepCount += other.stepCount
    nanoseconds += other.nanoseconds
    multiplyAdds += other.multiplyAdds
    byteCount += other.byteCount
    computing += other.computing
    moving += other.moving
  }

  /// 10⁹ operations per second, a multiply-add counting as two.
  var speed: Double { nanoseconds > 0 ? 2 * Double(multiplyAdds) / nanoseconds : 0 }
  var shareOfPeak: Double { peak > 0 ? speed / peak : 0 }
  /// 10⁹ bytes per second.
  var bandwidth: Double { nanoseconds > 0 ? Double(byteCount) / nanoseconds : 0 }

  private var roofline: Roofline { Roofline(computing: computing, moving: moving) }
  var bound: Roofline.Bound { roofline.bound(nanoseconds: nanoseconds) }
  /// The least nanoseconds that it could take.
  var limit: Double { roofline.limit }
}
