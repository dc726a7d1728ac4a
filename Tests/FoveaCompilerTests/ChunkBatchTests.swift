import FoveaCompiler
import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ChunkBatchTests {
  /// A network of every kind of layer that may be cut, with an answer per image.
  private static func network(_ x: Tensor) -> Tensor {
    func leaf(_ shape: Shape, _ seed: String) -> Tensor {
      // Weights are states.
      Tensor(PassTests.leaf(shape, seed).node.values![0], role: .state)
    }
    let a = x.convolved(with: leaf([4, 3, 3, 3], "a"), padding: 1).relu().maxPooled(2)
    let b = a.convolved(with: leaf([4, 4, 1, 1], "b")) + leaf([4, 1, 1], "bias")
    let c = Tensor.concatenated([a, (a + b).sigmoid()], axis: 1).averagePooled(2)
    let d = c.flattened().times(leaf([32, 5], "d")) + leaf([5], "shift")
    return d.softmax(axis: 1)
  }

  private static func model(near: Int, steps: Double = 0) -> ChunkingModel {
    ChunkingModel(nearByteCount: near, farByteCount: near, stepCost: steps)
  }

  @Test(arguments: [0, 2_000, 5_000, 20_000, 1 << 30]) func chunksMeanTheSame(_ near: Int) {
    let x = PassTests.leaf([6, 3, 8, 8], "x")
    let (_, problems) = PassCheck.run(
      .chunkBatch(Self.model(near: near)), on: [Self.network(x), x.exp()])
    #expect(problems == [])
  }

  @Test func whatDoesNotFitIsCut() {
    let x = PassTests.leaf([6, 3, 8, 8], "x")
    let y = [Self.network(x)]
    let cut = PassCheck.run(.chunkBatch(Self.model(near: 5_000)), on: y).after
    #expect(cut.count(Convolution.self) > 2)
    #expect(cut.count(Slice.self) > 1)
    // Steps that cost more than all that is moved are not made.
    let whole = PassCheck.run(.chunkBatch(Self.model(near: 5_000, steps: 1e9)), on: y).after
    #expect(whole.count(Convolution.self) == 2)
    #expect(whole.count(Slice.self) == 0)
  }

  @Test func imagesThatDependOnOneAnotherStayTogether() {
    let x = PassTests.leaf([6, 3, 8, 8], "x")
    let y = x.exp().sin()
    let z = (y - y.mean(axes: [0], keepsAxes: true)).relu().cos()
    let (after, problems) = PassCheck.run(.chunkBatch(Self.model(near: 3_000)), on: [z])
    #expect(problems == [])
    #expect(after.count(Reduction.self) == 1)
    #expect(after.count(Binary.self) == 1)
  }

  @Test func listsThatGrowAreNested() {
    let x = (0..<4).map { PassTests.leaf([2, 3], "x\($0)") }
    let y = (2...4).map { Tensor.concatenated(Array(x[..<$0]), axis: 1) }
    let (after, problems) = PassCheck.run(.nestConcatenations, on: y)
    #expect(problems == [])
    let parts = after.vertices.filter { $0.operation is Concatenate }.map(\.operands.count)
    #expect(parts == [2, 2, 2])
  }
}
