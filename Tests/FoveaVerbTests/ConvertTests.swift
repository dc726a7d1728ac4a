import Foundation
import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct ConvertTests {
  private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Goldens/Weights").standardizedFileURL

  private static func golden(_ name: String) -> String { goldens.appending(path: name).path }

  /// A path in a new folder.
  private static func fresh(_ name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "fovea-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path
  }

  @Test func weightsOfPyTorchBecomeSafetensors() throws {
    let target = try Self.fresh("out.safetensors")
    let run = VerbRun("convert", Self.golden("trained.pth"), target)
    #expect(run.code == .success)
    #expect(run.output.hasSuffix("(PyTorch) → \(target): 7 tensors, 29 numbers, 120 B\n"))
    #expect(run.messages.contains("note:  removed “module.” from the beginning of 7 names\n"))
    let before = try Weights.read(Self.golden("trained.pth"))
    let after = try Weights.read(target)
    #expect(after.format == .safetensors)
    #expect(after.metadata == before.metadata)
    #expect(after.tensors.mapValues { $0.doubles() } == before.tensors.mapValues { $0.doubles() })
  }

  @Test func fractionsAreRoundedAndTheRestStays() throws {
    let target = try Self.fresh("out.safetensors")
    let run = VerbRun(
      "convert", Self.golden("types.pth"), target, "--dtype", "bf16", "--list", "--json")
    #expect(run.code == .success)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "fovea.convert/1")
    #expect(object["format"] as? String == "torchZip")
    #expect(object["tensors"] as? Int == 9)
    let types = try #require(object["list"] as? [[String: Any]]).compactMap {
      $0["type"] as? String
    }
    #expect(types.count { $0 == "bfloat16" } == 4)
    #expect(Set(types) == ["bfloat16", "int8", "uint8", "int32", "int64", "bool"])
    #expect(try Weights.read(target).tensors["f64"]?.elementType == .bfloat16)
  }

  @Test func aListNeedsNoOutput() {
    let run = VerbRun("convert", Self.golden("trained.pth"), "--list")
    #expect(run.code == .success)
    #expect(run.output.hasPrefix("0.bias                 float32   2\n"))
    #expect(run.output.contains("0.weight               float32   2×1×3×3\n"))
    #expect(run.output.contains("1.num_batches_tracked  int64     –\n"))
  }

  @Test(arguments: [
    (["types.pth"], ExitCode.usage, "error: there is nothing to do without OUT\n"),
    (["types.pth", "out.pth"], .usage, "error: out.pth cannot be written: only safetensors can\n"),
    (["missing.pth", "--list"], .noInput, "missing.pth: found no such file, expected a file"),
    (["expected.json", "--list"], .dataError, "expected.json: byte 0: found a file of"),
    (["model.pth", "--list"], .dataError, "hint:  a whole model was saved"),
    (["types.pth", "/proc/none/out.safetensors"], .cannotCreate, "found no such file, expected"),
  ])
  func whatCannotBeDoneHasItsCode(_ words: [String], _ code: ExitCode, _ text: String) {
    let arguments = ["convert", Self.golden(words[0])] + words.dropFirst()
    let run = VerbRun(arguments)
    #expect(run.code == code)
    #expect(run.messages.contains(text), "\(run.messages)")
    #expect(run.output == "")
  }
}
