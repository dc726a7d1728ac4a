import Foundation
import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct KernelFileTests {
  /// A file for one test.
  private func withFile(_ text: String? = nil, _ body: (String) throws -> Void) throws {
    let path =
      FileManager.default.temporaryDirectory.path + "/fovea-\(UUID().uuidString).kernels"
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    try body(path)
  }

  /// One training step's loss, as it was written.
  private func loss(_ arguments: String...) throws -> String {
    let run = VerbRun(["train", "--json", "--quiet", "--minutes", "1e-6"] + arguments)
    #expect(run.code == .budgetSpent, "\(run.messages)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((object["kernels"] as? [String: String])?.isEmpty == false)
    return "\(try #require(object["loss"] as? Double)) \(object["accuracy"] as? Double ?? -1)"
  }

  @Test func whatWasWrittenIsTakenAgain() throws {
    try withFile { path in
      let first = try loss("--save-kernels", path)
      #expect(try loss("--kernels", path) == first)
      let file = try KernelFile(path)
      #expect(file.note == nil)
      #expect(!file.choices.kernels.isEmpty)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
          as? [String: Any])
      #expect(object["schema"] as? String == "fovea.kernels/1")
      #expect(object["machine"] as? String == KernelChoices.machine)
    }
  }

  @Test func whatABenchmarkSaysIsTakenToo() throws {
    let run = VerbRun("bench", "lenet5", "--json", "--seconds", "0.01")
    try withFile(run.output) { path in
      let kernels = try KernelFile(path).choices.kernels
      #expect(!kernels.isEmpty)
      #expect(VerbRun("bench", "lenet5", "--kernels", path, "--seconds", "0.01").code == .success)
    }
  }

  @Test func deterministicRunsAreTheSame() throws {
    #expect(try loss("--deterministic") == loss("--deterministic"))
  }

  @Test func theKernelsOfAnotherMachineAreTakenWithANote() throws {
    let text = #"{"schema": "fovea.kernels/1", "machine": "elsewhere", "kernels": {}}"#
    try withFile(text) { path in
      let run = VerbRun("bench", "lenet5", "--kernels", path, "--seconds", "0.01")
      #expect(run.code == .success)
      #expect(run.messages.hasPrefix("note: the kernels of \(path) were chosen on another machine"))
    }
  }

  @Test(arguments: [
    ("", "found no JSON object with a field “kernels”"),
    ("[1, 2]", "found no JSON object"),
    (#"{"schema": "fovea.kernels/1"}"#, "found no JSON object with a field “kernels”"),
    (#"{"schema": "fovea.kernels/1", "kernels": {"a": 1}}"#, "found no JSON object"),
    (#"{"schema": "other/1", "kernels": {}}"#, "schema: found other/1, expected one of Fovea's"),
    (
      #"{"schema": "fovea.kernels/9", "kernels": {"some work": "magic any"}}"#,
      "kernels, some work: found magic any, expected the name of a kernel"
    ),
    (#"{"schema": "fovea.kernels/1", "kernels": {"a": "direct any"}"#, "found no JSON object"),
  ])
  func whatIsNoListOfKernelsIsRefused(_ text: String, _ words: String) throws {
    try withFile(text) { path in
      let run = VerbRun("bench", "lenet5", "--kernels", path)
      #expect(run.code == .dataError)
      #expect(run.messages.hasPrefix("error: \(path)"))
      #expect(run.messages.contains(words), "\(run.messages)")
      #expect(run.output.isEmpty)
    }
  }

  @Test func whatCannotBeReadOrWrittenHasItsCode() throws {
    #expect(VerbRun("bench", "lenet5", "--kernels", "/nowhere/kernels").code == .noInput)
    let run = VerbRun(
      "bench", "lenet5", "--seconds", "0.01", "--save-kernels", "/nowhere/kernels")
    #expect(run.code == .cannotCreate)
    let both = VerbRun("bench", "lenet5", "--kernels", "a", "--deterministic")
    #expect(both.code == .usage)
    #expect(both.messages.contains("exclude each other"))
  }
}
