import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct RooflineTests {
  /// 100 operations, or 200 on bfloat16, and 10, 5 or 1 bytes per nanosecond.
  private static let machine = MachineSpeed(
    float32: 100, bfloat16: 200,
    levels: [
      MachineSpeed.Level(name: "L2", byteCount: 1000, speed: 10),
      MachineSpeed.Level(name: "L3", byteCount: 10_000, speed: 5),
      MachineSpeed.Level(name: "memory", byteCount: .max, speed: 1),
    ])

  private static func roofline(_ work: StepWork, _ kernel: String = "jit") -> Roofline {
    Roofline(work, kernel: kernel, keeping: 0, on: machine)
  }

  @Test func multiplyingTakesTwoOperations() {
    #expect(Self.roofline(StepWork(multiplyAdds: 5000)).computing == 100)
    #expect(Self.roofline(StepWork(multiplyAdds: 5000, factors: .bfloat16)).computing == 50)
    #expect(Self.roofline(StepWork(multiplyAdds: 5000), "jit_wino_4x3:avx512").computing == 25)
    let small = Self.roofline(StepWork(multiplyAdds: 4500), "jit_fp32_wino_2x3:avx512_core")
    #expect(abs(small.computing - 40) < 1e-9)
  }

  @Test(arguments: [(1000, 100.0), (1001, 200.2), (10_000, 2000), (20_000, 20_000)])
  func bytesMoveAsFastAsWhereTheyLie(_ count: Int, _ time: Double) {
    #expect(abs(Self.roofline(StepWork(byteCount: count)).moving - time) < 1e-9)
  }

  @Test func weightsLieWhereAllWeightsFit() {
    let work = StepWork(byteCount: 900, keptByteCount: 600)
    let moving = [0, 1000, 5000, 50_000].map {
      Roofline(work, kernel: "", keeping: $0, on: Self.machine).moving
    }
    #expect(moving == [90, 90, 150, 630])
  }

  @Test func theLongerOfBothBounds() {
    let computing = Self.roofline(StepWork(multiplyAdds: 5000, byteCount: 500))
    #expect(computing.limit == 100)
    #expect(computing.bound(nanoseconds: 120) == .compute)
    let moving = Self.roofline(StepWork(multiplyAdds: 500, byteCount: 1000))
    #expect(moving.limit == 100)
    #expect(moving.bound(nanoseconds: 120) == .memory)
    #expect(moving.bound(nanoseconds: 400) == .memory)
    #expect(moving.bound(nanoseconds: 401) == .overhead)
    #expect(Self.roofline(StepWork()).bound(nanoseconds: 1) == .overhead)
  }

  @Test func whatABFloat16PeakIsMissingForIsMeasuredByTheOther() {
    let machine = MachineSpeed(float32: 100, bfloat16: 0, levels: Self.machine.levels)
    let work = StepWork(multiplyAdds: 5000, factors: .bfloat16)
    #expect(Roofline(work, kernel: "", keeping: 0, on: machine).computing == 100)
  }

  @Test func theMachineIsMeasured() {
    let machine = MachineSpeed.measured()
    #expect(machine.float32 > 0.1)
    #expect(machine.bfloat16 == 0 || machine.bfloat16 > 0.1)
    #expect(machine.levels.last?.byteCount == .max)
    #expect(machine.levels.allSatisfy { $0.speed > 0.01 })
    #expect(machine.memory == machine.levels.last?.speed)
    for (near, far) in zip(machine.levels, machine.levels.dropFirst()) {
      #expect(near.byteCount < far.byteCount)
    }
  }
}
