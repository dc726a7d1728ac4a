import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

/// Convolution and both its gradients on whole numbers, where direct kernels must be exact.
@Suite struct ConvolutionPlanTests {
  /// One geometry; the three operators on it are three cases.
  struct Case {
    let geometry: ConvolutionGeometry
    let image: Shape
    let filter: Shape
    let form: Images.Form

    var words: String {
      "image \(image), filter \(filter), stride \(geometry.stride), dilation "
        + "\(geometry.dilation), low \(geometry.low), high \(geometry.high), groups "
        + "\(geometry.groups), \(form)"
    }

    /// Checks the three operators.
    func check() throws {
      let output = try geometry.outputShape("convolution", image: image, filter: filter)
      let x = Images.form(Images.integers(image, "x"), form)
      let g = Images.form(Images.integers(output, "g"), form)
      let w = Images.integers(filter, "w")
      let all = [
        try Tensor.recording(Convolution(geometry), [x, w]),
        try Tensor.recording(ConvolutionImageGradient(geometry, image: image), [g, w]),
        try Tensor.recording(ConvolutionFilterGradient(geometry, filter: filter), [x, g]),
      ]
      #expect(try FastPath.error(all) == 0, "\(words)")
      #expect(try FastPath.fallbacks(all) == [], "\(words)")
    }
  }

  /// A layer of few channels with bias and rectifier, and all its gradients.
  @Test(arguments: [1, 2]) func fewChannelsAreComputedWithAnImagePerLane(_ rank: Int) throws {
    let batch = 32
    for (inputs, outputs, kernel, stride) in [(1, 6, 5, 1), (6, 16, 5, 1), (3, 7, 3, 2)] {
      func spatial(_ extent: Int) -> [Int] { [Int](repeating: extent, count: rank) }
      let x = Images.integers(Shape([batch, inputs] + spatial(9)), "x")
      let w = Images.integers(Shape([outputs, inputs] + spatial(kernel)), "w")
      let b = Images.integers([outputs], "b")
      let along = b.reshaped(to: Shape([1, outputs] + spatial(1)))
      let y = (x.convolved(with: w, stride: Extents(stride), padding: 2) + along).relu()
      let g = Images.integers(y.shape, "g")
      let found = gradients(of: (y * g).sum(), withRespectTo: [x, w, b])
      try KernelPolicy.with(KernelPolicy(tuning: .off)) { () throws in
        #expect(try FastPath.error([y] + found) == 0, "\(inputs) to \(outputs)")
        let kernels = try FastPath.kernels([y] + found)
        #expect(kernels.filter { $0.contains(SmallConvolution.name) }.count == 3, "\(kernels)")
        // Sums of the loss and of nothing else.
        #expect(kernels.filter { $0.contains("reduce") }.count <= 1, "\(kernels)")
      }
    }
  }

  /// Two layers with pools between them stay in lanes from one to the next, in both directions; a
  /// batch that leaves lanes empty is row-major.
  @Test(arguments: [32, 30]) func layersOfFewChannelsShareTheirLanes(_ batch: Int) throws {
    let x = Images.integers([batch, 1, 14, 14], "x")
    let w = [Images.integers([6, 1, 5, 5], "w"), Images.integers([8, 6, 3, 3], "v")]
    var y = x.convolved(with: w[0], padding: 2).relu().maxPooled(2)
    y = y.convolved(with: w[1], padding: 1).relu().maxPooled(3, stride: 2)
    let mean = y.averagePooled(2)
    let g = Images.integers(mean.shape, "g")
    let found = gradients(of: (mean * g).sum(), withRespectTo: w)
    try KernelPolicy.with(KernelPolicy(tuning: .off)) { () throws in
      #expect(try FastPath.error([mean] + found) == 0)
      let kernels = try FastPath.kernels([mean] + found)
      #expect(kernels.filter { $0.contains(SmallConvolution.name) }.count == 5, "\(kernels)")
      // One into lanes, for what the sum's gradient is said with, and one out of them.
      #expect(try FastPath.reorders([mean] + found) <= (batch == 32 ? 2 : 0), "\(kernels)")
    }
  }

  /// Geometries of `rank` spatial axes, made by taking each attribute in turn.
  static func cases(rank: Int, count: Int, seed: String) -> [Case] {
    var random = TestRandom(seed: seed)
    func pick<T>(_ list: [T]) -> T { list[Int(random.next() % UInt64(list.count))] }
    // (in, out, groups): odd ones, whole blocks, depthwise, and more outputs per depth.
    let channels = [
      (1, 1, 1), (1, 6, 1), (3, 10, 1), (3, 16, 1), (5, 7, 1), (8, 24, 1), (16, 16, 1),
      (17, 5, 1), (16, 33, 1), (32, 16, 1), (24, 8, 1), (4, 6, 2), (6, 6, 6), (16, 16, 16),
      (24, 24, 24), (33, 33, 33), (4, 8, 4), (32, 32, 2), (18, 9, 3), (10, 15, 5),
    ]
    let batches = [1, 1, 2, 3, 5, 8, 16, 17, 33]
    let sizes = rank == 1 ? [7, 12, 19] : rank == 2 ? [5, 6, 8] : [3, 4, 5]
    var made: [Case] = []
    while made.count < count {
      let (inputs, outputs, groups) = channels[made.count % channels.count]
      func perAxis(_ list: [Int]) -> Extents { Extents((0..<rank).map { _ in pick(list) }) }
      let geometry = ConvolutionGeometry(
        stride: perAxis([1, 1, 2, 3]), dilation: perAxis([1, 1, 1, 2]), low: perAxis([0, 1, 2]),
        high: perAxis([0, 1, 2]), groups: groups)
      let kernel = perAxis([1, 2, 3, 3, 5]).list
      let batch = pick(batches)
      let image = Shape([batch, inputs] + (0..<rank).map { _ in pick(sizes) })
      let filter = Shape([outputs, inputs / groups] + kernel)
      guard let output = try? geometry.outputShape("", image: image, filter: filter),
        // The meaning is slow: no more than a million products.
        output.count * filter.extents[1...].reduce(1, *) < 1_000_000
      else { continue }
      let form: Images.Form = made.count % 3 == 2 ? .blocked : .plain
      made.append(Case(geometry: geometry, image: image, filter: filter, form: form))
    }
    return made
  }

  private func check(_ cases: [Case], count: Int) throws {
    #expect(cases.count * 3 == count)
    try KernelPolicy.with(.deterministic) { () throws in
      for one in cases { try one.check() }
    }
  }

  @Test func oneAxis() throws {
    try check(Self.cases(rank: 1, count: 60, seed: "one"), count: 180)
  }

  @Test func twoAxes() throws {
    try check(Self.cases(rank: 2, count: 140, seed: "two"), count: 420)
  }

  @Test func threeAxes() throws {
    try check(Self.cases(rank: 3, count: 40, seed: "three"), count: 120)
  }

  /// Every batch from 1 to 33 on the kind of layer networks are made of.
  @Test func everyBatch() throws {
    let one: Extents = [1, 1]
    let geometry = ConvolutionGeometry(stride: one, dilation: one, low: one, high: one, groups: 1)
    let cases = (1...33).map { batch in
      Case(
        geometry: geometry, image: [batch, 16, 4, 5], filter: [16, 16, 3, 3],
        form: batch % 2 == 0 ? .blocked : .plain)
    }
    try check(cases, count: 99)
  }

  @Test func channelsOfAChainStayInBlocks() throws {
    let x = Images.integers([1, 32, 6, 6], "x")
    // States change their layout once, and not in every run.
    func state(_ shape: Shape) -> Tensor {
      Tensor(Images.integers(shape, "w").value!, role: .state)
    }
    let w = state([32, 32, 3, 3])
    var y = x.convolved(with: state([32, 32, 1, 1]))
    for _ in 0..<4 { y = y.convolved(with: w, padding: 1).relu() * 0.125 }
    try KernelPolicy.with(.deterministic) { () throws in
      // One on the way in, one on the way out.
      #expect(try FastPath.reorders([y]) == 2)
    }
  }

  @Test func bfloat16StaysNear() throws {
    guard Machine.description.contains("bf16") else { return }
    for shape: Shape in [[2, 16, 8, 8], [1, 32, 7, 9], [3, 3, 12, 12]] {
      var random = TestRandom(seed: "\(shape)")
      func numbers(_ shape: Shape) -> Tensor {
        Tensor(
          (0..<shape.count).map { _ in random.uniform(-1...1) }, shape: shape, as: .bfloat16)
      }
      let x = numbers(shape)
      let w = numbers([32, shape[1], 3, 3])
      let y = x.convolved(with: w, padding: 1)
      let geometry = ConvolutionGeometry(
        stride: [1, 1], dilation: [1, 1], low: [1, 1], high: [1, 1], groups: 1)
      let g = numbers(y.shape)
      let all = [
        y, try Tensor.recording(ConvolutionImageGradient(geometry, image: shape), [g, w]),
        try Tensor.recording(ConvolutionFilterGradient(geometry, filter: w.shape), [x, g]),
      ]
      #expect(try FastPath.error(all) <= 2e-2, "\(shape)")
      #expect(try FastPath.fallbacks(all) == [], "\(shape)")
    }
  }
}
