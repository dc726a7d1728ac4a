import FoveaNN
import FoveaRuntime
import FoveaTensor
import Testing

@Suite struct LoadingTests {
  static func net() -> Sequential {
    Sequential(named: ["fc": Linear(in: 2, out: 1), "bn": BatchNorm(1)])
  }

  @Test func whatIsSavedIsLoaded() throws {
    let (a, b) = withSeed(1) { (Self.net(), Self.net()) }
    #expect(a.weights["fc.weight"]!.scalars() != b.weights["fc.weight"]!.scalars())
    try b.load(a.weights)
    #expect(a.weights.mapValues { $0.scalars() } == b.weights.mapValues { $0.scalars() })
  }

  @Test func aSnapshotStays() throws {
    let net = Self.net()
    let snapshot = net.weights
    let before = snapshot["fc.bias"]!.scalars()
    net.parameters[1].tensor = Tensor([42], shape: [1])
    #expect(snapshot["fc.bias"]!.scalars() == before)
    try net.load(snapshot)
    #expect(net.parameters[1].tensor.scalars() == before)
  }

  @Test func namesEveryDifferenceAtOnceAndChangesNothing() throws {
    let net = Self.net()
    var weights = net.weights
    let before = weights.mapValues { $0.scalars() }
    weights["fc.bias"] = nil
    weights["bn.running_var"] = nil
    weights["fc.weight"] = Tensor([1, 2], shape: [2, 1])
    weights["bn.weight"] = Tensor([1], shape: [1], as: .float64)
    weights["head.weight"] = Tensor(1)
    let error = #expect(throws: WeightMismatch.self) { try net.load(weights) }
    let expected = """
      the weights do not fit the model
        2 missing: fc.bias, bn.running_var
        1 not in the model: head.weight
        2 of another type: fc.weight is float32[2, 1], the model has float32[1, 2], \
      bn.weight is float64[1], the model has float32[1]
      """
    #expect(error?.description == expected)
    #expect(net.weights.mapValues { $0.scalars() } == before)
  }

  @Test func oldFilesNeedNoCountOfBatches() throws {
    let net = Self.net()
    var weights = net.weights
    weights["bn.num_batches_tracked"] = nil
    try net.load(weights)
    weights["bn.running_mean"] = nil
    #expect(throws: WeightMismatch.self) { try net.load(weights) }
  }

  @Test func countsOfBatchesMayBeLeftOver() throws {
    let net = Linear(in: 2, out: 1)
    var weights = net.weights
    weights["bn.num_batches_tracked"] = Tensor([3], shape: [], as: .int64)
    try net.load(weights)
    weights["bn.num_batches"] = Tensor(3)
    let error = #expect(throws: WeightMismatch.self) { try net.load(weights) }
    #expect(error?.unused == ["bn.num_batches"])
  }

  @Test func longListsEndWithTheirNumber() {
    let net = Linear(in: 2, out: 1)
    var weights = net.weights
    for index in 10..<63 { weights["extra\(index)"] = Tensor(0) }
    let error = #expect(throws: WeightMismatch.self) { try net.load(weights) }
    #expect(error?.unused.count == 53)
    #expect(
      error?.description
        == "the weights do not fit the model\n  53 not in the model: "
        + (10..<60).map { "extra\($0)" }.joined(separator: ", ") + ", … and 3 more")
  }

  @Test func renamesTheLongestBeginning() throws {
    let net = Self.net()
    var renamed: [String: Tensor] = [:]
    for (name, tensor) in net.weights {
      let tensor = Tensor(
        tensor.doubles().map { $0 + 1 }, shape: tensor.shape, as: tensor.elementType)
      renamed["module." + name.replacing("fc.", with: "classifier.1.")] = tensor
    }
    let before = net.weights["fc.bias"]!.scalars()
    try net.load(renamed, renaming: ["module": "", "module.classifier.1": "fc"])
    #expect(net.weights["fc.bias"]!.scalars() == before.map { $0 + 1 })
    let error = #expect(throws: WeightMismatch.self) { try net.load(renamed) }
    #expect(error?.missing.count == 6)
    // Counts of batches are never in the way.
    #expect(error?.unused.count == 6)
  }

  @Test func refusesTwoNamesForOne() throws {
    let net = Self.net()
    var weights = net.weights
    weights["old"] = weights["fc.bias"]
    let error = #expect(throws: WeightMismatch.self) {
      try net.load(weights, renaming: ["old": "fc.bias"])
    }
    #expect(error?.colliding == ["fc.bias and old to fc.bias"])
    #expect(
      error?.description
        == "the weights do not fit the model\n  1 renamed to the same name: "
        + "fc.bias and old to fc.bias")
  }

  @Test func aSharedParameterLoadsFromAnyOfItsNames() throws {
    let tied = Linear(in: 1, out: 1, bias: false)
    let net = Sequential(named: ["in": tied, "out": tied])
    try net.load(["out.weight": Tensor([3], shape: [1, 1])])
    #expect(tied.weight.tensor.scalars() == [3])
    try net.load(
      ["in.weight": Tensor([4], shape: [1, 1]), "out.weight": Tensor([4], shape: [1, 1])])
    #expect(tied.weight.tensor.scalars() == [4])
    #expect(throws: WeightMismatch.self) { try net.load([:]) }
  }
}
