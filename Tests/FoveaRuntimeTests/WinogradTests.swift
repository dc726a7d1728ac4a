import Foundation
import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

/// What Winograd's algorithm may cost in accuracy, on the convolutions of real networks.
@Suite struct WinogradTests {
  /// The documented bound: relative error in the 2-norm.
  static let bound = 1e-4

  static func shapes() throws -> [ConvolutionShape] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Shapes")
    var shapes: [ConvolutionShape] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where name.hasSuffix(".txt") {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      for line in text.split(separator: "\n") {
        if let shape = try ConvolutionShape(line: line), !shapes.contains(shape) {
          shapes.append(shape)
        }
      }
    }
    return shapes
  }

  /// Results of the passes one kernel computes, and the names of what computed them.
  private func results(
    _ shape: ConvolutionShape, image: Shape, output: Shape, _ kernel: ConvolutionKernel
  ) throws -> (values: [[Double]], kernels: [String]) {
    let operators: [(ConvolutionTask.Pass, [Shape])] = [
      (.forward, [image, shape.filter]), (.image, [output, shape.filter]),
      (.filter, [image, output]),
    ]
    var values: [[Double]] = []
    var kernels: [String] = []
    for (pass, operands) in operators {
      var task = ConvolutionTask(
        pass, shape.geometry, .float32, image: image, filter: shape.filter, output: output)!
      for index in task.operands.indices { task.operands[index].layout = .plain }
      task.isResultRead = false
      guard (try? task.program(kernel)) != nil else { continue }
      let policy = KernelPolicy(
        tuning: .off, imposed: KernelChoices([task.key: kernel.description]))
      let leaves = operands.map { Images.numbers($0, "\(pass) \($0)") }
      let tensor: Tensor
      switch pass {
      case .forward: tensor = try .recording(Convolution(shape.geometry), leaves)
      case .image:
        tensor = try .recording(ConvolutionImageGradient(shape.geometry, image: image), leaves)
      case .filter:
        tensor = try .recording(
          ConvolutionFilterGradient(shape.geometry, filter: shape.filter), leaves)
      }
      try KernelPolicy.with(policy) { () throws in
        values.append(try Engine.run(results: [tensor]).results[0].scalars)
        kernels += try FastPath.kernels([tensor]).filter {
          $0.contains("conv") || $0.contains("jit_") || $0 == TileConvolution.name
        }
      }
    }
    return (values, kernels)
  }

  @Test func errorStaysBelowTheBound() throws {
    guard Machine.channelBlock == 16 else { return }
    let shapes = try Self.shapes().filter { shape in
      shape.kernel == [3, 3] && shape.stride == [1, 1] && shape.dilation == [1, 1]
        && shape.groups == 1 && shape.image[0] >= 16
    }
    #expect(shapes.count >= 40)
    var worst = 0.0
    var seen: Set<[Int]> = []
    for shape in shapes {
      // A crop, for the error depends on the channels and not on how many tiles there are.
      let side = min(shape.image[1], 12)
      guard seen.insert([shape.image[0], shape.output[0], side, shape.padding[0]]).inserted else {
        continue
      }
      let image: Shape = [1, shape.image[0], side, side]
      let output = try shape.geometry.outputShape("", image: image, filter: shape.filter)
      let direct = try results(shape, image: image, output: output, .init(.direct, .any))
      #expect(!direct.kernels.contains { $0.contains("wino") }, "\(shape)")
      let fast = try results(shape, image: image, output: output, .init(.winograd, .any))
      #expect(fast.values.count == 3, "\(shape)")
      #expect(fast.kernels.filter { $0.contains("wino") }.count == 3, "\(shape)")
      let own = try results(shape, image: image, output: output, .init(.tiles, .blocked))
      #expect(own.values.count == 2, "\(shape)")
      // Each transforms its filter first.
      #expect(own.kernels.filter { $0 == TileConvolution.name }.count == 4, "\(shape)")
      for (a, b) in zip(fast.values + own.values, direct.values + direct.values) {
        let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let norm = b.reduce(0) { $0 + $1 * $1 }
        let error = (difference / norm).squareRoot()
        worst = max(worst, error)
        #expect(error <= Self.bound, "\(shape)")
      }
    }
    // Were it exact, it would not have been Winograd's.
    #expect(worst > 0)
  }

  @Test func deterministicPolicyHasNone() throws {
    let x = Images.numbers([4, 64, 28, 28], "x")
    let w = Images.numbers([64, 64, 3, 3], "w")
    let y = x.convolved(with: w, padding: 1)
    try KernelPolicy.with(.deterministic) { () throws in
      #expect(try !FastPath.kernels([y]).contains { $0.contains("wino") })
    }
    guard Machine.channelBlock == 16 else { return }
    try KernelPolicy.with(KernelPolicy(tuning: .off)) { () throws in
      #expect(try FastPath.kernels([y]).contains { $0.contains("wino") })
    }
  }

  /// A constant filter is transformed beforehand; the state it comes from can still be read, used
  /// otherwise, and replaced.
  @Test func statesStayReadable() throws {
    let x = Images.numbers([4, 64, 28, 28], "x")
    let numbers = Images.numbers([64, 64, 3, 3], "w")
    let w = Tensor(numbers.value!, role: .state)
    func layer(_ w: Tensor) -> Tensor { x.convolved(with: w, padding: 1) }
    func difference(_ a: Tensor, _ b: [Double]) throws -> Double {
      let a = try Engine.run(results: [a]).results[0].scalars
      let square = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (square / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    let exact = try KernelPolicy.with(.deterministic) {
      try Engine.run(results: [layer(numbers)]).results[0].scalars
    }
    try KernelPolicy.with(KernelPolicy(tuning: .off)) { () throws in
      for _ in 1...2 { #expect(try difference(layer(w), exact) <= Self.bound) }
      #expect(try difference(w * 1, numbers.value!.plain().scalars) == 0)
      let loss = layer(w).squared().sum()
      let next = w - 1e-3 * gradient(of: loss, withRespectTo: w)
      let value = try Engine.run(results: [], updates: [(state: w, next: next)]).updates[0]
      let isFinite = value.plain().scalars.allSatisfy(\.isFinite)
      #expect(isFinite)
      let moved = Tensor(value, role: .state)
      let again = try KernelPolicy.with(.deterministic) {
        try Engine.run(results: [layer(Tensor(value.plain()))]).results[0].scalars
      }
      #expect(try difference(layer(moved), again) <= Self.bound)
    }
  }
}
