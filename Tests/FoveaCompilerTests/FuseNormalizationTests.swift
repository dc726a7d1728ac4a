import FoveaCompiler
import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct FuseNormalizationTests {
  /// Equal halves of a formula must be one before the patterns are looked for.
  private static let pass = Pass("merge and fuse", because: "as in the pipeline") { graph in
    Pass.dropUnused.run(Pass.fuseNormalization.run(Pass.mergeEqual.run(graph)))
  }

  private static let x = PassTests.leaf([3, 4, 5], "x")
  private static let other = PassTests.leaf([3, 4, 5], "other")
  private static let scale = PassTests.leaf([4], "scale")
  private static let shift = PassTests.leaf([4], "shift")

  private static func norm(_ x: Tensor) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    x.batchNormalized(scale: scale, shift: shift)
  }

  private static func run(_ tensors: [Tensor]) -> (after: Graph, problems: [String]) {
    PassCheck.run(pass, on: tensors)
  }

  @Test func aRectifierIsFusedBothWays() {
    let (y, mean, variance) = Self.norm(Self.x)
    let z = y.relu()
    let g = PassTests.leaf(z.shape, "g")
    let found = gradients(of: (z * g).sum(), withRespectTo: [Self.x, Self.scale, Self.shift])
    let (after, problems) = Self.run([z, mean, variance] + found)
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 1)
    #expect(after.count(FusedBatchNormalizationGradient.self) == 1)
    #expect(after.count(BatchNormalization.self) == 0)
    #expect(after.count(BatchNormalizationGradient.self) == 0)
    #expect(after.count(Unary.self) == 0)
  }

  @Test(arguments: [false, true]) func aResidualIsFusedBothWays(_ isSecond: Bool) {
    let y = Self.norm(Self.x).output
    let r = Self.other.squared()
    let z = (isSecond ? r + y : y + r).relu()
    let g = PassTests.leaf(z.shape, "g")
    let all = [Self.x, Self.scale, Self.shift, Self.other]
    let (after, problems) = Self.run([z] + gradients(of: (z * g).sum(), withRespectTo: all))
    #expect(problems == [])
    // With the normalisation recorded first, the residual comes too late for it.
    #expect(after.count(FusedBatchNormalization.self) == (isSecond ? 1 : 0))
    #expect(after.count(FusedBatchNormalizationGradient.self) == 1)
  }

  @Test func ofTwoAddedNormalisationsTheLaterTakesTheSum() {
    let y = Self.norm(Self.x).output
    let z = (y + Self.norm(Self.other).output).relu()
    let (after, problems) = Self.run(
      [z] + gradients(of: z.squared().sum(), withRespectTo: [Self.x, Self.other]))
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 1)
    #expect(after.count(BatchNormalization.self) == 1)
    #expect(after.count(FusedBatchNormalizationGradient.self) == 1)
    #expect(after.count(BatchNormalizationGradient.self) == 1)
  }

  @Test func aSumWithoutRectifierIsFused() {
    let z = Self.other + Self.norm(Self.other.exp()).output
    let (after, problems) = Self.run([z])
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 1)
    #expect(after.count(Binary.self) == 0)
  }

  @Test func whatOthersReadStays() {
    let y = Self.norm(Self.x).output
    let (after, problems) = Self.run([y.relu(), y.exp()])
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 0)
    let (shown, more) = Self.run([y.relu(), y])
    #expect(more == [])
    #expect(shown.count(FusedBatchNormalization.self) == 0)
  }

  @Test func aBroadcastResidualStays() {
    let y = Self.norm(Self.x).output
    let (after, problems) = Self.run([y + PassTests.leaf([4, 1], "row")])
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 0)
  }

  @Test func aNormalisationAddedToItselfStays() {
    let y = Self.norm(Self.x).output
    let (after, problems) = Self.run([(y + y).relu()])
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 0)
  }

  @Test func deepResidualNetworksStayWhatTheyWere() {
    var x = Self.x
    for block in 0..<4 {
      let inner = Self.norm(x * PassTests.leaf([3, 4, 5], "a \(block)")).output.relu()
      let outer = Self.norm(inner * PassTests.leaf([3, 4, 5], "b \(block)")).output
      x = (outer + (block == 2 ? Self.norm(x.tanh()).output : x)).relu()
    }
    let all = [Self.x, Self.scale, Self.shift]
    let (after, problems) = Self.run([x] + gradients(of: x.squared().sum(), withRespectTo: all))
    #expect(problems == [])
    #expect(after.count(FusedBatchNormalization.self) == 8)
    #expect(after.count(FusedBatchNormalizationGradient.self) == 8)
    #expect(after.count(BatchNormalization.self) == 1)
    #expect(after.count(BatchNormalizationGradient.self) == 1)
  }

  @Test func mismatchedOperandsAreRefused() {
    let fused = FusedBatchNormalization(
      BatchNormalization(epsilon: 1e-5), activation: .relu, addsResidual: true)
    #expect(
      throws: ShapeError(
        fused.name, "image float32[3, 4, 5] and residual float32[3, 4, 6] must have one type")
    ) {
      try fused.types(of: [
        TensorType([3, 4, 5]), TensorType([4]), TensorType([4]), TensorType([3, 4, 6]),
      ])
    }
    let gradient = FusedBatchNormalizationGradient(
      BatchNormalization(epsilon: 1e-5), givesResidual: false)
    let image = TensorType([3, 4, 5])
    let row = TensorType([4])
    #expect(
      throws: ShapeError(
        gradient.name, "gradient float32[3, 4, 5] and result float32[4] must have one type")
    ) {
      try gradient.types(of: [image, image, row, row, row, row])
    }
  }
}
