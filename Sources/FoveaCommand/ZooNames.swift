import Fovea
import FoveaCommandKit

extension Zoo {
  /// The network of that name, or an error that offers a near one.
  static func require(_ name: String) throws -> ZooEntry {
    if let entry = entry(named: name) { return entry }
    let near = closest(to: name, among: entries.map(\.name))
    throw UsageError(
      "there is no network called \(visible(name))", hint: near.map { "did you mean \($0)?" },
      seeAlso: "fovea models")
  }
}

extension Shape {
  /// `3x224x224`, as it is typed.
  var typed: String { extents.map(String.init).joined(separator: "x") }

  /// The shape as JSON.
  var json: JSONValue { .array(extents.map(JSONValue.integer)) }
}
