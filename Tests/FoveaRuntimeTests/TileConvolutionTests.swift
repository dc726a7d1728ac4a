import FoveaCompiler
import FoveaTensor
import Testing

@testable import FoveaRuntime

/// Winograd's algorithm in the kernel of our own, forced upon plans.
@Suite struct TileConvolutionTests {
  /// Where only roundings may differ.
  private static let bound = 1e-5

  private static func geometry(
    low: Extents = [1, 1], high: Extents = [1, 1]
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(stride: [1, 1], dilation: [1, 1], low: low, high: high, groups: 1)
  }

  private static func state(_ tensor: Tensor) -> Tensor { Tensor(tensor.value!, role: .state) }

  /// What a plan is made of in a run of the engine.
  private func plan(_ tensors: [Tensor]) throws -> Plan {
    let order = topologicalOrder(of: tensors.map(\.node))
    let leaves = order.filter { $0.operation == nil }
    return try Planner.plan(
      Optimizations.run(Graph(of: tensors, in: order), isInference: true, savingMemory: false),
      inputLayouts: leaves.map { $0.role == .state ? nil : .plain }, resultCount: tensors.count,
      updates: [])
  }

  /// Forces the kernel upon every convolution of these tensors, gradients of filters apart.
  private func withTiles(_ tensors: [Tensor], _ body: () throws -> Void) throws {
    var kernels: [String: String] = [:]
    // One choice changes the layouts that belong to the names of the next.
    for _ in 0..<8 {
      let policy = KernelPolicy(tuning: .off, imposed: KernelChoices(kernels))
      let found = try KernelPolicy.with(policy) { try plan(tensors).kernelChoices.kernels }
      let missing = found.filter { !$0.key.hasPrefix("filter") && kernels[$0.key] == nil }
      kernels.merge(missing.mapValues { _ in "tiles blocked" }) { old, _ in old }
      if missing.isEmpty { break }
    }
    try KernelPolicy.with(
      KernelPolicy(tuning: .off, imposed: KernelChoices(kernels)), body)
  }

  private func tileSteps(_ tensors: [Tensor]) throws -> Int {
    try FastPath.kernels(tensors).filter { $0 == TileConvolution.name }.count
  }

  struct Case {
    var batch = 1
    var inputs = 20
    var outputs = 40
    var size = (9, 7)
    var low: Extents = [1, 1]
    var high: Extents = [1, 1]
    var form = Images.Form.plain
  }

  private static let cases = [
    Case(), Case(batch: 3, form: .blocked), Case(size: (1, 15)), Case(batch: 2, size: (14, 13)),
    Case(low: [0, 2], high: [2, 0]), Case(size: (5, 6), low: [2, 2], high: [2, 2]),
    Case(size: (4, 3), low: [0, 0], high: [0, 0]), Case(inputs: 160, outputs: 16),
    Case(inputs: 3, outputs: 64, form: .blocked), Case(inputs: 64, outputs: 5),
  ]

  @Test func bothPassesAreNear() throws {
    for one in Self.cases {
      let geometry = Self.geometry(low: one.low, high: one.high)
      let image: Shape = [one.batch, one.inputs, one.size.0, one.size.1]
      let w = Images.numbers([one.outputs, one.inputs, 3, 3], "w")
      let output = try geometry.outputShape("convolution", image: image, filter: w.shape)
      let x = Images.form(Images.numbers(image, "x"), one.form)
      let g = Images.form(Images.numbers(output, "g"), one.form)
      for filter in [w, Self.state(w)] {
        let both: [Tensor] = [
          try .recording(Convolution(geometry), [x, filter]),
          try .recording(ConvolutionImageGradient(geometry, image: image), [g, filter]),
        ]
        try withTiles(both) { () throws in
          #expect(try FastPath.error(both) <= Self.bound, "\(one)")
          // What is constant is transformed before the steps.
          #expect(try tileSteps(both) == (filter.node.role == .state ? 2 : 4), "\(one)")
        }
      }
    }
  }

  /// They may be rounded to either side only where they are as good as halfway between two numbers.
  @Test(.enabled(if: Precision.bfloat16.isAvailable)) func halvesAreNear() throws {
    for one in Self.cases {
      let geometry = Self.geometry(low: one.low, high: one.high)
      let image: Shape = [one.batch, one.inputs, one.size.0, one.size.1]
      let w = Images.numbers([one.outputs, one.inputs, 3, 3], "w")
      let output = try geometry.outputShape("convolution", image: image, filter: w.shape)
      let x = Images.form(Images.numbers(image, "x"), one.form).cast(to: .bfloat16)
      let g = Images.form(Images.numbers(output, "g"), one.form).cast(to: .bfloat16)
      let filter = Self.state(w).cast(to: .bfloat16)
      let both: [Tensor] = [
        try .recording(Convolution(geometry, result: .bfloat16), [x, filter]),
        try .recording(
          ConvolutionImageGradient(geometry, image: image, result: .bfloat16), [g, filter]),
      ]
      try withTiles(both) { () throws in
        let found = try Engine.run(results: both).results
        for (found, exact) in zip(found, Interpreter.evaluate(both)) {
          let largest = exact.scalars.reduce(0) { max($0, abs($1)) }
          let pairs = zip(found.scalars, exact.scalars)
          #expect(pairs.allSatisfy { abs($0 - $1) <= abs($1) / 128 + 1e-5 * largest }, "\(one)")
          // Few are near a number halfway.
          #expect(pairs.count { $0 != $1 } <= exact.scalars.count / 50, "\(one)")
        }
        #expect(try tileSteps(both) == 2, "\(one)")
      }
    }
  }

  @Test func whatFollowsIsIncluded() throws {
    let image: Shape = [2, 20, 9, 10]
    let w = Self.state(Images.numbers([24, 20, 3, 3], "w"))
    let bias = Self.state(Images.numbers([24], "bias"))
    let x = Images.numbers(image, "x")
    let next = Self.state(Images.numbers([24, 24, 3, 3], "next"))
    for form in Images.Form.allCases {
      let residual = Images.form(Images.numbers([2, 24, 9, 10], "residual"), form)
      for activation in [Activation.none, .relu, .clamp(0, 6), .clamp(0.5, 2), .clamp(-3, -1)] {
        for (hasBias, hasResidual) in [(true, false), (false, true), (true, true)] {
          let operands = [x, w] + (hasBias ? [bias] : []) + (hasResidual ? [residual] : [])
          let y = try Tensor.recording(
            FusedConvolution(
              Self.geometry(), hasBias: hasBias, hasResidual: hasResidual,
              activation: activation), operands)
          // Channels that only fill a block up must be zero to whoever reads them.
          let all = [y, y.convolved(with: next, padding: 1)]
          try withTiles(all) { () throws in
            for _ in 1...2 {
              #expect(
                try FastPath.error(all) <= Self.bound,
                "\(activation), bias \(hasBias), residual \(hasResidual), \(form)")
            }
            #expect(try tileSteps(all) == 2)
          }
        }
      }
    }
  }

  @Test func oneFilterIsTransformedOnce() throws {
    let numbers = Images.numbers([32, 32, 3, 3], "w")
    let w = Self.state(numbers)
    func images(_ name: String) -> Tensor { Images.numbers([1, 32, 8, 8], name) }
    let all = ["a", "b", "c"].map { images($0).convolved(with: w, padding: 1) }
    try withTiles(all) { () throws in
      #expect(try FastPath.error(all) <= Self.bound)
      #expect(try tileSteps(all) == 3)
      let plan = try plan(all)
      let transforms = plan.constantSteps.filter { $0.kernel == TileConvolution.name }
      #expect(transforms.count == 1)
      // Planned are 36 numbers in place of nine, and memory to work in.
      #expect(plan.constantByteCount >= 36 * 32 * 32 * 4)
      #expect(plan.memory.byteCount > 6 * 32 * 64 * 4 + 4 * 36 * 32 * 4)
    }
    // The same plan with another filter.
    let other = Self.state(Images.numbers([32, 32, 3, 3], "other"))
    let others = ["a", "b", "c"].map { images($0).convolved(with: other, padding: 1) }
    try withTiles(others) { () throws in #expect(try FastPath.error(others) <= Self.bound) }
  }

  @Test func aStepTransformsWhatItChanges() throws {
    let w = Self.state(Images.numbers([32, 32, 3, 3], "w"))
    let x = Images.numbers([2, 32, 9, 9], "x")
    func next(_ w: Tensor) -> Tensor {
      let y = x.convolved(with: w, padding: 1).relu().convolved(with: w, padding: 1)
      return w - 1e-3 * gradient(of: y.squared().sum(), withRespectTo: w)
    }
    let exact = Interpreter.evaluate([next(w)])[0].scalars
    try withTiles([next(w)]) { () throws in
      var value: any StoredValue = w.value!
      for run in 1...2 {
        let state = Tensor(value, role: .state)
        value = try Engine.run(results: [], updates: [(state: state, next: next(state))])
          .updates[0]
        guard run == 1 else { continue }
        let found = value.plain().scalars
        let square = zip(found, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect((square / exact.reduce(0) { $0 + $1 * $1 }).squareRoot() <= Self.bound)
      }
      let isFinite = value.plain().scalars.allSatisfy(\.isFinite)
      #expect(isFinite)
    }
  }

  @Test func otherConvolutionsAreRefused() throws {
    func program(
      _ pass: ConvolutionTask.Pass = .forward, _ geometry: ConvolutionGeometry = geometry(),
      _ type: ElementType = .float32, kernel: Int = 3, activation: Activation = .none,
      arrangement: ConvolutionKernel.Arrangement = .blocked
    ) throws -> ConvolutionProgram {
      let (image, filter): (Shape, Shape) = (
        [1, 32, 8, 8], [32, 32 / geometry.groups, kernel, kernel]
      )
      var task = ConvolutionTask(
        pass, geometry, type, image: image, filter: filter,
        output: try geometry.outputShape("", image: image, filter: filter))!
      task.activation = activation
      return try task.program(ConvolutionKernel(.tiles, arrangement))
    }
    _ = try program()
    _ = try program(.image)
    func geometry(
      stride: Extents = [1, 1], dilation: Extents = [1, 1], low: Extents = [1, 1], groups: Int = 1
    ) -> ConvolutionGeometry {
      ConvolutionGeometry(
        stride: stride, dilation: dilation, low: low, high: [1, 1], groups: groups)
    }
    #expect(throws: OneDNNError.self) { try program(.filter) }
    #expect(throws: OneDNNError.self) { try program(.forward, geometry(stride: [1, 2])) }
    #expect(throws: OneDNNError.self) { try program(.forward, geometry(dilation: [2, 1])) }
    #expect(throws: OneDNNError.self) { try program(.forward, geometry(low: [1, 3])) }
    #expect(throws: OneDNNError.self) { try program(.forward, geometry(groups: 2)) }
    #expect(throws: OneDNNError.self) { try program(kernel: 5) }
    #expect(throws: OneDNNError.self) { try program(activation: .sigmoid) }
    #expect(throws: OneDNNError.self) { try program(arrangement: .any) }
  }
}
