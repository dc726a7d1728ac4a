import CKernels
import FoveaCompiler
import FoveaTensor

extension Resize: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (image, output) = (vertex.operandTypes[0].shape, vertex.types[0].shape)
    return try Resampling.lower(
      name, vertex, into: plan,
      rule.axes(image: image, output: output), isAdjoint: false)
  }
}

extension ResizeAdjoint: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try Resampling.lower(
      name, vertex, into: plan,
      rule.axes(image: image, output: vertex.operandTypes[0].shape), isAdjoint: true)
  }
}

extension ResizeRule {
  fileprivate func axes(image: Shape, output: Shape) -> [Resampling.Axis] {
    (2..<image.rank).map { axis in
      let taps = taps(axis: axis - 2, size: image[axis], output: output[axis])
      return Resampling.Axis(
        width: taps.width, indices: taps.indices, weights: taps.weights.map(Float.init))
    }
  }
}

// Windows of different sizes are weighted sums of pixels, too.

extension AdaptiveAveragePool: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try Resampling.lower(
      name, vertex, into: plan,
      Resampling.adaptiveAxes(image: vertex.operandTypes[0].shape, windows: windows.list),
      isAdjoint: false)
  }
}

extension AdaptiveAveragePoolGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let windows = Array(vertex.operandTypes[0].shape.extents[2...])
    return try Resampling.lower(
      name, vertex, into: plan, Resampling.adaptiveAxes(image: image, windows: windows),
      isAdjoint: true)
  }
}

/// Images whose pixels are weighted sums of another's, axis by axis.
private enum Resampling {
  /// The pixels along one axis that each output position takes, and their weights.
  struct Axis {
    let width: Int
    let indices: [Int32]
    let weights: [Float]
  }

  static func adaptiveAxes(image: Shape, windows: [Int]) -> [Axis] {
    let taps = AdaptiveAveragePool.windows(over: image, to: windows).windows
    return windows.indices.map { axis in
      let runs = taps.runs(axis: axis)
      let width = runs.map(\.count).max() ?? 1
      return Axis(
        width: width,
        indices: runs.flatMap { run in
          (0..<width).map { Int32(run.position + min($0, run.count - 1)) }
        },
        weights: runs.flatMap { run in
          (0..<width).map { $0 < run.count ? 1 / Float(run.count) : 0 }
        })
    }
  }

  static func lower(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, _ axes: [Axis],
    isAdjoint: Bool
  ) throws -> Bool {
    let (source, target) = (vertex.operandTypes[0], vertex.types[0])
    guard source.elementType == .float32 else { return false }
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan)
    let x = try plan.value(vertex.operands[0], as: layout.layout(source))
    let y = plan.allocate(vertex.result(0), try layout.layout(target))
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    let image = layout.image(isAdjoint ? target.shape : source.shape)
    let tables = Tables(axes)
    plan.emit(name, kernel: "resample", reads: [x], writes: [y], scope: vertex.scope) { memory in
      if isAdjoint {
        fk_resample_backward(
          image, tables.out, tables.taps, memory.floats(from), memory.floats(to))
      } else {
        fk_resample(image, tables.out, tables.taps, memory.floats(from), memory.floats(to))
      }
    }
    return true
  }

  /// The tables as the kernels read them.
  private final class Tables {
    let out: UnsafeMutablePointer<Int64>
    let taps: UnsafeMutablePointer<fk_taps>
    private var indices: [UnsafeMutableBufferPointer<Int32>] = []
    private var weights: [UnsafeMutableBufferPointer<Float>] = []

    init(_ named: [Axis]) {
      let one = Axis(width: 1, indices: [0], weights: [1])
      let axes = [Axis](repeating: one, count: 3 - named.count) + named
      out = .allocate(capacity: 3)
      taps = .allocate(capacity: 3)
      for (number, axis) in axes.enumerated() {
        let index = UnsafeMutableBufferPointer<Int32>.allocate(capacity: axis.indices.count)
        _ = index.initialize(from: axis.indices)
        let weight = UnsafeMutableBufferPointer<Float>.allocate(capacity: axis.weights.count)
        _ = weight.initialize(from: axis.weights)
        indices.append(index)
        weights.append(weight)
        (out + number).initialize(to: Int64(axis.indices.count / axis.width))
        (taps + number).initialize(
          to: fk_taps(
            taps: Int64(axis.width), index: UnsafePointer(index.baseAddress!),
            weight: UnsafePointer(weight.baseAddress!)))
      }
    }

    deinit {
      out.deallocate()
      taps.deallocate()
      for index in indices { index.deallocate() }
      for weight in weights { weight.deallocate() }
    }
  }
}
