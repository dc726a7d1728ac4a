import Fovea
import FoveaCommandKit
import FoveaFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The kernels of a run in a file: what `--save-kernels` writes, or any of Fovea's JSON objects that
/// has a field `kernels`.
struct KernelFile {
  let choices: KernelChoices
  /// What a person should know before these are used.
  let note: String?

  init(_ path: String) throws {
    let text = try TextFile.read(path)
    func broken(_ place: String?, _ found: String, _ expected: String) -> FileError {
      FileError(
        path: path, place: place, found: found, expected: expected,
        hint: "fovea train --save-kernels FILE writes one")
    }
    guard let record = try? JSONDecoder().decode(Record.self, from: Data(text.utf8)) else {
      throw broken(
        nil, "no JSON object with a field “kernels” of names",
        "kernels that --save-kernels has written, or a run's record")
    }
    guard record.schema.hasPrefix("fovea.") else {
      throw broken("schema", visible(record.schema, limit: 60), "one of Fovea's")
    }
    for (work, kernel) in record.kernels.sorted(by: { $0.key < $1.key })
    where !KernelChoices.knows(kernel) {
      throw broken(
        "kernels, \(visible(work, limit: 80))", visible(kernel, limit: 60),
        "the name of a kernel of this version")
    }
    choices = KernelChoices(record.kernels)
    let here = KernelChoices.machine
    note =
      record.machine.map { $0 != here } ?? false
      ? "the kernels of \(visible(path)) were chosen on another machine, with other threads or another "
        + "version; the last bits of results may differ"
      : nil
  }

  private struct Record: Decodable {
    let schema: String
    let machine: String?
    let kernels: [String: String]
  }

  /// Writes kernels so that they can be read again.
  static func write(_ choices: KernelChoices, to path: String) throws {
    let object = JSONValue.object([
      JSONField("schema", "fovea.kernels/1"), JSONField("machine", .string(KernelChoices.machine)),
      JSONField("kernels", choices.json),
    ])
    try TextFile.write(object.line + "\n", to: path)
  }
}

extension KernelChoices {
  /// The choices as JSON, in the order of the work.
  var json: JSONValue {
    .object(kernels.sorted { $0.key < $1.key }.map { JSONField($0.key, .string($0.value)) })
  }
}
