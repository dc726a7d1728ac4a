import FoveaRuntime
import FoveaTensor
import Testing

@testable import FoveaNN

@Suite struct ModuleTests {
  struct Block: Layer {
    let conv1 = Conv2D(in: 2, out: 2, kernel: 1)
    let bn1 = BatchNorm(2)
    let downsample: Conv2D?

    func forward(_ x: Tensor) -> Tensor { bn1(conv1(x)) }
  }

  struct Net: Layer {
    let layer1: [Block]
    let scale = Parameter(Tensor([1], shape: [1]))
    let heads: [[Linear]]
    let name1: String = "not a part"
    let sizes = [1, 2, 3]
    var fc = Linear(in: 2, out: 3, bias: false)

    func forward(_ x: Tensor) -> Tensor { x }
  }

  static func net() -> Net {
    Net(
      layer1: [Block(downsample: nil), Block(downsample: Conv2D(in: 2, out: 2, kernel: 1))],
      heads: [[Linear(in: 2, out: 1)]])
  }

  @Test func findsEveryParameterUnderItsPublishedName() {
    let block = [
      "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "bn1.running_mean",
      "bn1.running_var", "bn1.num_batches_tracked",
    ]
    #expect(
      Self.net().namedParameters.map(\.name) == block.map { "layer1.0." + $0 }
        + block.map { "layer1.1." + $0 }
        + ["layer1.1.downsample.weight", "layer1.1.downsample.bias", "scale"]
        + ["heads.0.0.weight", "heads.0.0.bias", "fc.weight"])
  }

  @Test func tellsWhatIsTrainedFromWhatIsKept() {
    let net = Self.net()
    #expect(net.parameterCount == 2 * (6 + 4) + 6 + 1 + 3 + 6)
    #expect(net.state.count == 6)
    #expect(net.state.map(\.name).contains("layer1.1.bn1.running_var"))
    #expect(net.parameters.count == 14 + 2 + 1 + 2 + 1)
  }

  @Test(arguments: [
    ("weight", "weight"), ("runningMean", "running_mean"), ("conv1", "conv1"),
    ("numBatchesTracked", "num_batches_tracked"), ("branch1x1", "branch1x1"),
    ("expand3x3", "expand3x3"), ("Mixed5b", "Mixed5b"), ("inProjWeight", "in_proj_weight"),
    ("layer4Norm", "layer4_norm"), ("already_snake", "already_snake"), ("_hidden", "_hidden"),
  ])
  func namesArePublishedOnes(_ property: String, _ name: String) {
    #expect(Reflection.checkpointName(property) == name)
  }

  @Test func copiesShareAndReplacementsDoNot() {
    let net = Self.net()
    var copy = net
    copy.scale.tensor = Tensor([7], shape: [1])
    #expect(net.scale.tensor.scalars() == [7])
    copy.fc = Linear(in: 2, out: 5)
    #expect(net.fc.weight.shape == [3, 2])
    #expect(copy.namedParameters.last?.parameter.shape == [5])
  }

  @Test func aSharedParameterCountsOnce() {
    let tied = Linear(in: 2, out: 2)
    let net = Sequential([tied, ReLU(), tied])
    #expect(net.parameterCount == 6)
    #expect(net.namedParameters.map(\.name) == ["0.weight", "0.bias"])
  }

  final class Counter: Layer {
    let first = Linear(in: 1, out: 1)
    func forward(_ x: Tensor) -> Tensor { x }
  }

  @Test func classesAreModulesToo() {
    #expect(Counter().namedParameters.map(\.name) == ["first.weight", "first.bias"])
  }

  struct Hidden: Module {
    let branches = ["a": Linear(in: 1, out: 1)]
  }

  @Test func refusesDictionaries() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Hidden().parameters }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "Hidden.branches keeps layers or parameters in a dictionary, whose parts have no "
          + "published names; use an array, a struct of layers, or write `parts`"))
  }

  struct Pair: Module {
    let both = (Linear(in: 1, out: 1), 3)
  }

  @Test func refusesTuples() async {
    await #expect(processExitsWith: .failure) { _ = Pair().parameters }
  }

  @Test func slicesShareTheirLayers() {
    let net = Sequential {
      Linear(in: 1, out: 2)
      for _ in 0..<2 { ReLU() }
      if Bool(true) { Linear(in: 2, out: 3) }
    }
    #expect(net.count == 4)
    let tail = net[2...]
    #expect(tail.namedParameters.map(\.name) == ["1.weight", "1.bias"])
    #expect(tail.parameters[0] === net.parameters[2])
    let named = Sequential(named: ["conv0": Linear(in: 1, out: 1), "norm0": BatchNorm(1)])
    #expect(named[1..<2].namedParameters.first?.name == "norm0.weight")
    #expect((named[0] as? Linear)?.weight === named.parameters[0])
  }

  @Test func knowsWhoRecorded() {
    let y = Self.net().layer1[0](Tensor(repeating: 0, shape: [1, 2, 1, 1]), line: 77)
    let scope = y.node.scope
    #expect(scope?.path == "Block › BatchNorm")
    #expect(scope?.parent?.line == 77)
  }

  @Test func refusesAtTheCallOfTheUser() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let net = Sequential { Conv2D(in: 3, out: 4, kernel: 3) }
      _ = net(Tensor(repeating: 0, shape: [1, 4, 8, 8]), file: "User/main.swift", line: 29)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "main.swift:29: Fatal error: convolution: image [1, 4, 8, 8] has 4 channels, filter "
          + "[4, 3, 3, 3] with 1 group(s) expects 3\n  while recording Sequential › Conv2D"))
  }
}
