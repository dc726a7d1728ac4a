import FoveaTensor
import Testing

@Suite struct GraphTests {
  /// Recursion anywhere would exhaust the stack long before.
  @Test func aMillionNodesAreBuiltOrderedAndFreed() {
    let leaf = Tensor([1], shape: [1], as: .float64)
    weak var first: Node?
    do {
      var x = leaf
      for step in 0..<1_000_000 {
        x = .record(Unary(.negate), x)
        if step == 0 { first = x.node }
      }
      let order = topologicalOrder(of: [x.node])
      #expect(order.count == 1_000_001)
      #expect(order.first?.id == leaf.node.id)
      #expect(order.last?.id == x.node.id)
      #expect(first != nil)
    }
    #expect(first == nil)
  }

  @Test func operandsComeBeforeUsers() {
    let x = Tensor(1)
    let y = x + 1
    let z = y * x + (y - x) * y
    let order = topologicalOrder(of: [z.node, y.node])
    var seen: Set<ObjectIdentifier> = []
    for node in order {
      #expect(node.operands.allSatisfy { seen.contains($0.node.id) })
      #expect(seen.insert(node.id).inserted)
    }
    #expect(seen.contains(x.node.id))
  }

  @Test func gradientsOfGradients() {
    let x = Tensor([2], shape: [], as: .float64)
    var derivative = x.power(5)
    var found: [Double] = []
    for _ in 0..<6 {
      derivative = gradient(of: derivative, withRespectTo: x)
      found += Interpreter.evaluate([derivative])[0].scalars
    }
    #expect(found == [80, 160, 240, 240, 120, 0])
  }

  @Test func aTensorUsedTwiceCollectsBothGradients() {
    let x = Tensor([3], shape: [], as: .float64)
    let g = gradient(of: x * x + x, withRespectTo: x)
    #expect(Interpreter.evaluate([g])[0].scalars == [7])
  }

  @Test func aTargetMayDependOnAnother() {
    let x = Tensor([3], shape: [], as: .float64)
    let y = x * x
    let found = gradients(of: y * y + x, withRespectTo: [x, y])
    #expect(Interpreter.evaluate(found).map(\.scalars) == [[109], [18]])
  }

  @Test func severalResults() {
    let x = Tensor([3, 1, 2], shape: [3], as: .float64)
    let (values, indices) = x.sorted()
    #expect(values.node.id == indices.node.id)
    #expect(values.index == 0)
    #expect(indices.index == 1)
    let weights = Tensor([1, 10, 100], shape: [3], as: .float64)
    let g = gradient(of: (values * weights).sum(), withRespectTo: x)
    #expect(Interpreter.evaluate([indices, g]).map(\.scalars) == [[1, 2, 0], [100, 1, 10]])
  }

  @Test func nothingPassesABarrier() throws {
    let x = Tensor([3], shape: [], as: .float64)
    let y = x.withoutGradient() * x
    let g = gradient(of: y, withRespectTo: x)
    #expect(Interpreter.evaluate([g])[0].scalars == [3])
    let stopped = x.squared().withoutGradient()
    #expect(throws: Self.unrelated("float64[]", 1, of: 1)) {
      _ = try recordingGradients(of: stopped, withRespectTo: [x])
    }
  }

  @Test func unrelatedTargetsAreRefused() {
    let x = Tensor([1, 2], shape: [2])
    let other = Tensor([1, 2], shape: [2])
    #expect(throws: Self.unrelated("float32[2]", 2, of: 2)) {
      _ = try recordingGradients(of: x.sum(), withRespectTo: [x, other])
    }
    // What a node gives besides is not what was asked for.
    let sorted = x.sorted()
    #expect(throws: Self.unrelated("float32[2]", 1, of: 1)) {
      let objective = sorted.indices.cast(to: .float32).sum()
      _ = try recordingGradients(of: objective, withRespectTo: [sorted.values])
    }
  }

  private static func unrelated(_ type: String, _ place: Int, of count: Int) -> ShapeError {
    ShapeError(
      "gradients",
      "the objective does not depend on target \(place) of \(count), \(type); was it recorded "
        + "before a parameter moved, or through an operator without a gradient?")
  }

  @Test func objectivesThatAreNone() {
    let x = Tensor([1, 2], shape: [2])
    #expect(
      throws: ShapeError(
        "gradients",
        "takes an objective of one element, got shape [2]; reduce it first, for example with mean()"
      )
    ) { _ = try recordingGradients(of: x, withRespectTo: [x]) }
    #expect(
      throws: ShapeError("gradients", "takes a floating-point objective, got int32[]")
    ) { _ = try recordingGradients(of: x.argmax(), withRespectTo: [x]) }
  }

  @Test func equalFormulasHaveEqualHashes() {
    let x = Tensor([1, 2], shape: [2])
    func nodes(_ tensors: [Tensor]) -> [Int] { tensors.map(\.node.localHash) }
    #expect(nodes([x * Double.nan]) == nodes([x * Double.nan]))
    #expect(
      x.padded(low: [1], high: [1], .constant(.nan)).node.operation!
        .isEqual(to: Pad(low: [1], high: [1], .constant(.nan))))
    #expect(!Pad(low: [1], high: [1], .edge).isEqual(to: Pad(low: [1], high: [1], .symmetry)))
    #expect(!Unary(.exp).isEqual(to: Unary(.log)))
    #expect(!Unary(.exp).isEqual(to: Reverse(axes: [])))
  }
}
