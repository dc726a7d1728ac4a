import FoveaFormats
import FoveaNN
import FoveaTensor
import Testing

@Suite struct GoldenWeightsTests {
  @Test(arguments: [
    ("types.pth", "types", WeightFormat.torchZip),
    ("types.protocol4.pth", "types", .torchZip),
    ("types.legacy.pth", "types", .torchLegacy),
    ("types.safetensors", "types", .safetensors),
    ("views.pth", "views", .torchZip),
    ("views.legacy.pth", "views", .torchLegacy),
    ("trained.pth", "trained", .torchZip),
    ("trained.legacy.pth", "trained", .torchLegacy),
  ])
  func everyNumberIsRead(_ file: String, _ contents: String, _ format: WeightFormat) throws {
    let weights = try Weights.read(GoldenWeights.path(file))
    #expect(weights.format == format)
    #expect(try GoldenWeights.differences(weights, from: contents) == [])
  }

  @Test(arguments: ["trained.pth", "trained.legacy.pth"])
  func whatWasChosenIsSaid(_ file: String) throws {
    let weights = try Weights.read(GoldenWeights.path(file))
    #expect(
      weights.notes == [
        "the weights are “state_dict”; beside it: “epoch”, “arch”, “best_prec1”, “optimizer”",
        "removed “module.” from the beginning of 7 names",
      ])
    #expect(weights.metadata == ["epoch": "3", "arch": "tiny", "best_prec1": "91.5"])
    let model = Sequential(named: ["0": Conv2D(in: 1, out: 2, kernel: 3), "1": BatchNorm(2)])
    try model.load(weights.tensors)
    #expect(
      GoldenWeights.scalars(model.weights["0.bias"] ?? Tensor(0))
        == (try GoldenWeights.expected("trained")["0.bias"]?.data))
  }

  @Test func metadataOfSafetensorsIsKept() throws {
    let weights = try Weights.read(GoldenWeights.path("types.safetensors"))
    #expect(weights.metadata == ["made by": "safetensors", "ünïcode": "“ñ”\n"])
    #expect(weights.notes == [])
  }

  @Test func aWholeModelIsRefusedWithAWayOut() throws {
    let path = GoldenWeights.path("model.pth")
    let error = #expect(throws: FileError.self) { try Weights.read(path) }
    #expect(
      error?.description
        == "\(path): data.pkl, byte 2: found the Python object “torch.nn.modules.linear Linear”, "
        + "expected tensors, numbers, text, lists and dictionaries")
    #expect(error?.hint?.contains("torch.save(model.state_dict(), “weights.pth”)") == true)
    #expect(error?.kind == .content)
  }

  @Test func numbersFoveaLacksAreNamed() throws {
    let path = GoldenWeights.path("int16.pth")
    let error = #expect(throws: FileError.self) { try Weights.read(path) }
    #expect(
      error?.description
        == "\(path): “a”: found numbers of ShortStorage, expected one of FloatStorage, "
        + "DoubleStorage, HalfStorage, BFloat16Storage, LongStorage, IntStorage, CharStorage, "
        + "ByteStorage, BoolStorage")
  }
}
