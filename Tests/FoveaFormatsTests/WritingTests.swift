import Foundation
import FoveaTensor
import Testing

@testable import FoveaFormats

@Suite struct WritingTests {
  private static let folder = FileManager.default.temporaryDirectory

  @Test func everyTypeComesBackBitForBit() throws {
    var tensors: [String: Tensor] = [:]
    for type in ElementType.allCases {
      tensors["\(type)"] = Tensor([0, 1, 1, 0, 1, 0], shape: [3, 2], as: type)
      tensors["\(type) alone"] = Tensor([1], shape: [], as: type)
    }
    tensors["wild"] = Tensor([.nan, .infinity, -0.0, .leastNonzeroMagnitude], shape: [4])
    let wide = Tensor([9_007_199_254_740_992, -1], shape: [2], as: .int64)
    tensors["wide"] = wide
    let file = try TemporaryFile([])
    try Weights(tensors, metadata: ["a \"b\"\n": "\u{7F}\\ñ", "": ""]).write(file.path)
    let back = try Weights.read(file.path)
    #expect(back.metadata == ["a \"b\"\n": "\u{7F}\\ñ", "": ""])
    #expect(back.tensors.mapValues(\.type) == tensors.mapValues(\.type))
    for (name, tensor) in tensors {
      #expect(bits(back.tensors[name]) == bits(tensor), "\(name)")
    }
  }

  /// The bytes of a tensor's numbers.
  private func bits(_ tensor: Tensor?) -> [UInt8] {
    guard let value = tensor?.value?.plain() else { return [] }
    return Array(value.bytes[..<value.type.byteCount])
  }

  @Test func theFileHasTheOrderOfTheReference() throws {
    let theirs = try Weights.read(GoldenWeights.path("types.safetensors"))
    let file = try TemporaryFile([])
    try theirs.write(file.path)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file.path)))
    let length = Int(bytes[0]) | Int(bytes[1]) << 8
    #expect((8 + length) % 64 == 0)
    let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
    let places = try ["\"f64\"", "\"i64\"", "\"f32\"", "\"i32\"", "\"bf16\"", "\"flag\""].map {
      try #require(header.range(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
    #expect(bytes.count == 8 + length + 6 * (8 + 8 + 4 + 4 + 2 + 2 + 1 + 1 + 1))
    #expect(try GoldenWeights.differences(Weights.read(file.path), from: "types") == [])
  }

  @Test func whatWasThereStaysUntilTheNewFileIsComplete() throws {
    let file = try TemporaryFile([1, 2, 3])
    let later = Tensor(1) + Tensor(2)
    let error = #expect(throws: FileError.self) { try Weights(["a": later]).write(file.path) }
    #expect(error?.kind == .uncreatable)
    #expect(
      error?.description
        == "\(file.path): “a”: found a tensor that is not yet computed, expected numbers")
    let url = URL(fileURLWithPath: file.path)
    #expect(try Data(contentsOf: url) == Data([1, 2, 3]))
    let folder = url.deletingLastPathComponent().path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["weights"])
    // A file may be written over the one it was read from.
    try Weights(["a": Tensor(5)]).write(file.path)
    var weights = try Weights.read(file.path)
    weights.tensors["b"] = Tensor(6)
    try weights.write(file.path)
    #expect(
      try Weights.read(file.path).tensors.mapValues(GoldenWeights.scalars) == ["a": [5], "b": [6]])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["weights"])
  }

  @Test(arguments: [
    ("/dev/full", "something that is no file"), (folder.path, "a folder"),
    ("/proc/none/a.safetensors", "no such file"),
  ])
  func aPlaceThatIsNoFileIsLeftAlone(_ path: String, _ found: String) {
    let error = #expect(throws: FileError.self) { try Weights(["a": Tensor(1)]).write(path) }
    #expect(error?.kind == .uncreatable)
    #expect(error?.found == found)
  }

  @Test(arguments: [
    ("/no/such/file", "no such file"), (folder.path, "a folder"),
    ("/dev/null", "something that is no file"),
  ])
  func whatCannotBeReadIsSaid(_ path: String, _ found: String) {
    let error = #expect(throws: FileError.self) { try Weights.read(path) }
    #expect(error?.kind == .unreadable)
    #expect(error?.description == "\(path): found \(found), expected a file that can be read")
  }

  @Test func numbersStayWhereTheyAreWhenTheyAreAligned() throws {
    let file = try TemporaryFile([])
    let numbers = (0..<64).map(Float.init)
    try Weights(["a": Tensor(numbers, shape: [64]), "b": Tensor([1], shape: [1], as: .int8)])
      .write(file.path)
    let tensors = try Weights.read(file.path).tensors
    let first = try #require(tensors["a"]?.value?.plain())
    #expect(first === tensors["a"]?.value?.plain())
    // What was read outlives the weights it came from, and the file's name.
    try FileManager.default.removeItem(atPath: file.path)
    #expect(first.scalars == numbers.map(Double.init))
  }

  @Test func aFileMayChangeAfterItWasRead() throws {
    let file = try TemporaryFile([])
    let numbers = (0..<4096).map(Float.init)
    try Weights(["a": Tensor(numbers, shape: [4096])]).write(file.path)
    let weights = try Weights.read(file.path)
    try FileHandle(forWritingTo: URL(fileURLWithPath: file.path)).truncate(atOffset: 3)
    #expect(weights.tensors.mapValues(GoldenWeights.scalars) == ["a": numbers.map(Double.init)])
  }

  @Test func aFileBeyondTheLimitsOrTheMemoryIsRefused() throws {
    let file = try TemporaryFile([UInt8](repeating: 0, count: 1001))
    let error = #expect(throws: FileError.self) {
      try Weights.read(file.path, limits: ReadLimits(bytes: 1000))
    }
    #expect(error?.kind == .tooLarge)
    #expect(
      error?.description
        == "\(file.path): found 1,001 bytes, expected at most 1,000, for it is read into memory")
    // A file with a hole takes no room on the disk, and more in memory than any machine has.
    try FileHandle(forWritingTo: URL(fileURLWithPath: file.path)).truncate(atOffset: 1 << 43)
    let hole = #expect(throws: FileError.self) { try Weights.read(file.path) }
    #expect(hole?.kind == .tooLarge)
  }

  @Test func fractionsAreConverted() throws {
    let weights = Weights([
      "a": Tensor([1, 65519, 65520, 1e-9], shape: [4]), "n": Tensor([3], shape: [], as: .int64),
    ])
    let half = weights.converted(to: .float16)
    #expect(half.tensors["a"]?.elementType == .float16)
    #expect(
      half.tensors.mapValues(GoldenWeights.scalars) == ["a": [1, 65504, .infinity, 0], "n": [3]])
    #expect(half.notes == ["1 number of “a” became infinite: too large for float16"])
    #expect(half.tensors["n"]?.elementType == .int64)
    #expect(weights.converted(to: .bfloat16).notes == [])
  }
}
