import FoveaCompiler
import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct PassTests {
  static func leaf(_ shape: Shape, _ seed: String, in range: ClosedRange<Double> = -1...1) -> Tensor
  {
    var random = TestRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in Float(random.uniform(range)) }, shape: shape)
  }

  @Test func dropUnusedKeepsInputs() {
    let x = Self.leaf([2], "x")
    let (graph, _) = PassCheck.graph([x.exp(), x + 1])
    var cut = graph
    cut.outputs = [graph.outputs[1]]
    let after = Pass.dropUnused.run(cut)
    #expect(after.vertices.count == 3)
    #expect(after.inputs == [0])
  }

  @Test func mergeEqualComputesTheSameOnce() {
    let x = Self.leaf([3, 2], "x")
    let (after, problems) = PassCheck.run(.mergeEqual, on: [x.exp() * x.exp() + x.exp()])
    #expect(problems == [])
    #expect(after.count(Unary.self) == 1)
  }

  @Test func dropAliasesKeepsTheValue() {
    let x = Self.leaf([3], "x")
    let (after, problems) = PassCheck.run(
      .dropAliases, on: [x.named("a").withoutGradient().exp().named("b")])
    #expect(problems == [])
    #expect(after.vertices.count == 2)
  }

  @Test func inlineFormulasWritesThemOut() throws {
    let x = Self.leaf([3, 2], "x")
    let formula = try #require(
      try Formula(of: [x.type, x.type]) { [$0[0].exp() * $0[1], $0[0]] })
    let once = try Tensor.recordingAll(formula, [x, x + 1])
    let twice = try Tensor.recordingAll(formula, [once[0], once[1]])
    let (after, problems) = PassCheck.run(.inlineFormulas, on: twice + once)
    #expect(problems == [])
    #expect(after.count(Formula.self) == 0)
    #expect(after.count(Unary.self) == 2)
  }

  @Test(arguments: [2, 3]) func maskBeforeScatterMovesTheMask(_ kernel: Int) {
    let x = Self.leaf([2, 3, 7, 7], "x")
    let pooled = x.relu().maxPooled(Extents(kernel), stride: 2)
    let g = gradient(of: (pooled * pooled).sum(), withRespectTo: x)
    let (after, problems) = PassCheck.run(.maskBeforeScatter, on: [g])
    #expect(problems == [])
    let scatter = after.vertices.lastIndex { $0.operation is PoolScatter }
    #expect(after.outputs == scatter.map { [Graph.Value($0)] })
  }

  @Test func elementwiseChainsBecomeOneVertex() {
    let (x, y, b) = (
      Self.leaf([2, 3, 4], "x"), Self.leaf([2, 3, 4], "y"), Self.leaf([3, 1], "b")
    )
    let z = ((x + b).relu() * y - 0.5).sigmoid()
    let (after, problems) = PassCheck.run(.fuseElementwise, on: [z, z * 2])
    #expect(problems == [])
    #expect(after.count(ElementwiseChain.self) == 1)
  }

  @Test func chainsDoNotReachAroundWhatDependsOnThem() {
    // The sum needs the first half of the chain, the second half needs the sum.
    let x = Self.leaf([4, 4], "x", in: 0.5...2)
    let e = x.exp()
    let z = (e / e.sum(axes: [1], keepsAxes: true)).log()
    let (after, problems) = PassCheck.run(.fuseElementwise, on: [z])
    #expect(problems == [])
    #expect(after.count(ElementwiseChain.self) == 1)
    #expect(after.count(Unary.self) == 1)
  }

  @Test(arguments: 0..<60) func randomChainsStayWhatTheyWere(_ seed: Int) {
    var random = TestRandom(seed: "chain \(seed)")
    var pool = [
      Self.leaf([2, 3, 4], "p\(seed)"), Self.leaf([3, 1], "q\(seed)"), Self.leaf([], "r\(seed)"),
    ]
    for _ in 0..<40 {
      let (a, b) = (pool.randomElement(using: &random)!, pool.randomElement(using: &random)!)
      let next: Tensor =
        switch random.next() % 9 {
        case 0: a + b
        case 1: a * b
        case 2: (a - b).tanh()
        case 3: a.relu()
        case 4: a.maximum(b)
        case 5: a.sum(axes: Array(0..<a.rank), keepsAxes: true).sigmoid() * b
        case 6: (a .> b).cast(to: .float32)
        case 7: a.mean()
        default: a * 0.5 + 1
        }
      pool.append(next.tanh())
    }
    let (_, problems) = PassCheck.run(.fuseElementwise, on: Array(pool.suffix(6)))
    #expect(problems == [])
  }

  @Test func epiloguesJoinTheConvolution() {
    let (x, w) = (Self.leaf([1, 3, 5, 5], "x"), Self.leaf([4, 3, 3, 3], "w"))
    let (b, r) = (Self.leaf([4], "b"), Self.leaf([1, 4, 5, 5], "r").exp())
    let y = x.convolved(with: w, padding: 1)
    let (after, problems) = PassCheck.run(
      .fuseEpilogue, on: [(r + (y + b.reshaped(to: [1, 4, 1, 1]))).relu()])
    #expect(problems == [])
    #expect(after.count(FusedConvolution.self) == 1)
    #expect(after.count(Convolution.self) + after.count(Binary.self) == 0)
  }

  @Test func epiloguesMayClampAndGate() {
    let (x, w) = (Self.leaf([1, 3, 5, 5], "x"), Self.leaf([4, 3, 3, 3], "w"))
    let y = x.convolved(with: w)
    for z in [y.relu6(), y * y.sigmoid(), y.sigmoid() * y] {
      let (after, problems) = PassCheck.run(.fuseEpilogue, on: [z])
      #expect(problems == [])
      #expect(after.count(FusedConvolution.self) == 1)
      #expect(after.vertices.count == 3)
    }
  }

  @Test func aConvolutionReadTwiceStaysItself() {
    let (x, w) = (Self.leaf([1, 3, 5, 5], "x"), Self.leaf([4, 3, 3, 3], "w"))
    let y = x.convolved(with: w)
    let (after, problems) = PassCheck.run(.fuseEpilogue, on: [y.relu(), y])
    #expect(problems == [])
    #expect(after.count(FusedConvolution.self) == 0)
  }

  @Test(arguments: [false, true]) func biasGradientsComeWithTheFilters(_ sumComesFirst: Bool) throws
  {
    let (x, w) = (Self.leaf([3, 2, 5, 6], "x"), Self.leaf([4, 2, 3, 3], "w"))
    let g = Self.leaf([3, 4, 3, 4], "g").exp()
    let geometry = try ConvolutionGeometry(
      "test", image: x.shape, filter: w.shape, stride: 1, padding: .valid, dilation: 1, groups: 1)
    let filter = try Tensor.recording(
      ConvolutionFilterGradient(geometry, filter: w.shape), [x, g])
    let bias = g.sum(axes: [0, 2, -1]).reshaped(to: [1, 4, 1, 1])
    let both = sumComesFirst ? [bias, filter] : [filter, bias]
    // The image is known before any gradient, as it is in training.
    let (after, problems) = PassCheck.run(
      .fuseBiasGradient, on: [x.exp()] + both + [g.sum(axes: [0, 2])])
    #expect(problems == [])
    #expect(after.count(FusedConvolutionFilterGradient.self) == 1)
    #expect(after.count(ConvolutionFilterGradient.self) == 0)
    #expect(after.count(Reduction.self) == 1)
  }

  @Test func batchNormalisationFoldsIntoTheFilter() {
    let (x, w) = (Self.leaf([2, 3, 5, 5], "x"), Self.leaf([4, 3, 3, 3], "w"))
    let y = x.convolved(with: w).normalized(
      mean: Self.leaf([4], "m"), variance: Self.leaf([4], "v", in: 0.5...2),
      scale: Self.leaf([4], "s"), shift: Self.leaf([4], "t"), epsilon: 1e-5)
    let (after, problems) = PassCheck.run(.foldBatchNormalization, on: [y])
    #expect(problems == [])
    #expect(after.count(FrozenBatchNormalization.self) == 0)
  }
}

@Suite struct ConstantPassTests {
  @Test func constantsAreComputedBeforehand() {
    let x = PassTests.leaf([2, 3], "x")
    let two = Tensor(repeating: 2, shape: [3])
    let y = x * (two.reshaped(to: [1, 3]).expanded(to: [2, 3]).squared() - 3) + 0
    let (after, problems) = PassCheck.run(.foldConstants, on: [y, two.exp()])
    #expect(problems == [])
    // The product with 1 and the sum with 0 are x itself.
    #expect(after.outputs[0] == Graph.Value(after.inputs[0]))
    #expect(after.vertices[after.outputs[1].vertex].operation is Fill)
  }

  @Test func aConstantThatWidensStays() {
    let x = PassTests.leaf([3], "x")
    let (after, problems) = PassCheck.run(
      .foldConstants, on: [x * Tensor(repeating: 1, shape: [2, 3]), 1 - x, 0 - x])
    #expect(problems == [])
    #expect(after.count(Binary.self) == 3)
  }

  @Test func farReadersComputeAgain() {
    let x = PassTests.leaf([2, 3, 4, 4], "x").convolved(with: PassTests.leaf([3, 3, 1, 1], "w"))
    let found = x.batchNormalized(
      scale: PassTests.leaf([3], "s"), shift: PassTests.leaf([3], "t"), epsilon: 1e-5)
    let y = found.output.relu()
    var z = y
    for _ in 0..<40 { z = z.max(axes: [0], keepsAxes: true) + y }
    let (graph, values) = PassCheck.graph([z * y, found.mean])
    let before = Pass.fuseNormalization.run(graph)
    let after = Pass.recomputeCheap.run(before)
    #expect(Verifier.problems(of: after) == [])
    #expect(after.count(FrozenBatchNormalization.self) >= 1)
    for (old, new) in zip(before.interpreted(values), after.interpreted(values)) {
      for (a, b) in zip(old.scalars, new.scalars) { #expect(abs(a - b) < 1e-4) }
    }
  }
}
