import Foundation

/// One file of Tests/Goldens.
///
///     let report = try GoldenFamily("softmax").run([
///       "softmax": { test, inputs in ["y": inputs["x"].softmax(axis: try test.integer("axis"))] }
///     ])
///     #expect(report.failures == [])
///     #expect(report.count == 28)
public struct GoldenFamily: Sendable {
  public let cases: [GoldenCase]

  public init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appending(path: "../Goldens/\(name).json").standardizedFileURL
    cases = try JSONDecoder().decode([GoldenCase].self, from: Data(contentsOf: path))
  }

  /// Runs the cases of all operators, which `recordings` must name, but for those `skipped`, and of
  /// these only what `isWanted`.
  public func run(
    _ recordings: [String: GoldenRecording], skipping skipped: Set<String> = [],
    where isWanted: (GoldenCase) -> Bool = { _ in true }
  ) throws -> (count: Int, failures: [String]) {
    var count = 0
    var failures: [String] = []
    for test in cases where !skipped.contains(test.op) && isWanted(test) {
      count += 1
      guard let recording = recordings[test.op] else {
        failures.append("\(test): nothing says how “\(test.op)” is recorded")
        continue
      }
      failures += try test.failures(recording)
    }
    return (count, failures)
  }
}
