import FoveaCompiler
import FoveaTensor
import Testing

/// Graphs before and after their products were given fewer bits.
@Suite struct LowerPrecisionTests {
  private static let pass = Pass.lowerPrecision(to: .bfloat16)

  /// The graph after the passes, and how far its outputs are from those before, relative to their
  /// norm.
  private static func run(
    _ tensors: [Tensor], after earlier: [Pass] = []
  ) -> (graph: Graph, error: Double, problems: [String]) {
    let (before, values) = PassCheck.graph(tensors)
    let passes = earlier + [pass, .dropUnused]
    let after = passes.reduce(before) { $1.run($0) }
    let problems = Verifier.problems(of: after)
    guard problems.isEmpty else { return (after, .infinity, problems) }
    var worst = 0.0
    for (old, new) in zip(before.interpreted(values), after.interpreted(values)) {
      let difference = zip(old.scalars, new.scalars).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
      let norm = old.scalars.reduce(0) { $0 + $1 * $1 }
      worst = max(worst, (difference / max(norm, 1e-300)).squareRoot())
    }
    return (after, worst, problems)
  }

  private static func leaf(_ shape: Shape, _ seed: String) -> Tensor {
    PassTests.leaf(shape, "precision " + seed)
  }

  private static func casts(_ graph: Graph, to elementType: ElementType) -> Int {
    graph.vertices.filter { ($0.operation as? Cast)?.elementType == elementType }.count
  }

  private static let image = leaf([2, 3, 7, 7], "x")
  private static let first = leaf([4, 3, 3, 3], "v")
  private static let second = leaf([5, 4, 3, 3], "w")

  @Test func nothingIsCastBetweenConvolutions() {
    let y = Self.image.convolved(with: Self.first).relu().convolved(with: Self.second)
    let (graph, error, problems) = Self.run([y], after: [.fuseEpilogue])
    #expect(problems == [])
    #expect(error < 2e-2 && error > 0)
    // The image and the two filters.
    #expect(Self.casts(graph, to: .bfloat16) == 3)
    #expect(Self.casts(graph, to: .float32) == 0)
    #expect(graph.type(of: graph.outputs[0]).elementType == .float32)
    #expect(graph.count(FusedConvolution.self) == 1)
  }

  @Test func chainsLoadAndStoreFewerBits() {
    let y = (Self.image.convolved(with: Self.first) * 0.5).sigmoid().convolved(with: Self.second)
    let (graph, error, problems) = Self.run([y])
    #expect(problems == [])
    #expect(error < 2e-2)
    let fused = Pass.fuseElementwise.run(graph)
    // What is left outside of the chain are the casts of leaves.
    #expect(Self.casts(fused, to: .bfloat16) == 3)
    #expect(Self.casts(fused, to: .float32) == 0)
    let chain = fused.vertices.first { $0.operation is ElementwiseChain }
    #expect(chain?.types.map(\.elementType) == [.bfloat16])
    #expect(chain.map { fused.type(of: $0.operands[0]).elementType } == .bfloat16)
  }

  @Test func whatMovesNumbersMovesFewerBits() {
    let a = Self.image.convolved(with: Self.first, padding: 1)
    let b = Self.image.convolved(with: Self.leaf([4, 3, 1, 1], "one"))
    let y = Tensor.concatenated([a, b], axis: 1).maxPooled(2)
      .convolved(with: Self.leaf([3, 8, 2, 2], "two"))
    let (graph, error, problems) = Self.run([y])
    #expect(problems == [])
    #expect(error < 2e-2)
    #expect(Self.casts(graph, to: .bfloat16) == 4)
    #expect(Self.casts(graph, to: .float32) == 0)
    for vertex in graph.vertices where vertex.operation is Concatenate {
      #expect(vertex.types[0].elementType == .bfloat16)
    }
  }

  @Test func aResidualHasTheBitsOfItsSum() {
    let (x, w) = (Self.leaf([1, 4, 6, 6], "r"), Self.leaf([4, 4, 3, 3], "rw"))
    let a = x.convolved(with: w, padding: 1).relu()
    let y = (a.convolved(with: w, padding: 1) + a).relu().convolved(with: w)
    let (graph, error, problems) = Self.run([y], after: [.fuseEpilogue])
    #expect(problems == [])
    #expect(error < 2e-2)
    #expect(Self.casts(graph, to: .bfloat16) == 2)
    #expect(Self.casts(graph, to: .float32) == 0)
    #expect(graph.count(Binary.self) == 0)
  }

  @Test func sumsForLossesAndWeightsKeepTheirBits() {
    let logits = Self.leaf([4, 6], "f").times(Self.leaf([6, 3], "g"))
    let loss = logits.logSoftmax(axis: 1).mean()
    let y = Self.image.convolved(with: Self.first)
    let found = gradients(of: (y * y).mean(), withRespectTo: [Self.first])
    let (graph, error, problems) = Self.run([loss, found[0]])
    #expect(problems == [])
    #expect(error < 2e-2)
    for vertex in graph.vertices
    where vertex.operation is MatrixProduct || vertex.operation is ConvolutionFilterGradient {
      #expect(vertex.types[0].elementType == .float32)
      #expect(vertex.operands.allSatisfy { graph.type(of: $0).elementType == .bfloat16 })
    }
    #expect(graph.count(ConvolutionFilterGradient.self) == 1)
  }

  @Test func normalisationKeepsItsBits() {
    let (scale, shift) = (Self.leaf([4], "s"), Self.leaf([4], "t"))
    let y = Self.image.convolved(with: Self.first)
      .batchNormalized(scale: scale, shift: shift).output
    let z = y.relu().convolved(with: Self.second)
    let (graph, error, problems) = Self.run([z], after: [.fuseNormalization])
    #expect(problems == [])
    #expect(error < 2e-2)
    // The convolution before gives what the normalisation wants, without a cast.
    #expect(Self.casts(graph, to: .float32) == 0)
    #expect(Self.casts(graph, to: .bfloat16) == 4)
  }

  @Test func frozenNormalisationJoinsTheChain() {
    let (scale, shift) = (Self.leaf([4], "s"), Self.leaf([4], "t"))
    let variance = PassTests.leaf([4], "precision q", in: 0.5...2)
    let a = Self.image.convolved(with: Self.first)
    let y = a.normalized(
      mean: Self.leaf([4], "m"), variance: variance, scale: scale, shift: shift, epsilon: 1e-5)
    let z = y.relu().convolved(with: Self.second)
    let (graph, error, problems) = Self.run([z])
    #expect(problems == [])
    #expect(error < 2e-2)
    #expect(graph.count(FrozenBatchNormalization.self) == 0)
  }

  @Test func otherKindsOfNumbersStayWhatTheyAre() {
    let x = Self.image.cast(to: .float64)
    let y = x.convolved(with: Self.first.cast(to: .float64))
    let (graph, error, problems) = Self.run([y])
    #expect(problems == [])
    #expect(error == 0)
    #expect(Self.casts(graph, to: .bfloat16) == 0)
  }
}
