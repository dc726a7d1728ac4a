import Foundation
import FoveaNN
import FoveaTensor
import FoveaTraining
import FoveaZoo
import Testing

@testable import FoveaRuntime

/// The same bits in processes of their own, whatever each of them measures.
@Suite struct ReplayTests {
  /// What a process is told, and where it writes what came out.
  struct Errand: Codable, Sendable {
    /// The folder of its own measurements.
    var cache: String
    var tuning: String
    var isDeterministic = false
    /// A file with the kernels to take, if any.
    var imposed: String?
    /// Where it writes its kernels and its results.
    var report: String
  }

  struct Report: Codable, Equatable {
    var kernels: KernelChoices
    /// The bits of every weight after some steps, and of the answers to a batch.
    var bits: [UInt32]
  }

  /// Trains a small residual network for three steps and asks it about a batch.
  private static func run(_ errand: Errand) throws {
    setenv("FOVEA_CACHE_DIR", errand.cache, 1)
    var policy = KernelPolicy(
      tuning: KernelPolicy.Tuning(rawValue: errand.tuning)!,
      isDeterministic: errand.isDeterministic)
    if let file = errand.imposed {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      policy.imposed = try JSONDecoder().decode(Report.self, from: data).kernels
    }
    try KernelPolicy.with(policy) {
      let model = withSeed(5) { Zoo.entry(named: "resnet20")!.make() }
      let optimizer = Optimizer(SGD(momentum: 0.9), for: model, learningRate: 0.05)
      let images = withSeed(6) {
        Parameter(.normal(deviation: 1), shape: [8, 3, 32, 32]).tensor.detached()
      }
      let labels = Tensor((0..<8).map(Double.init), shape: [8], as: .int32)
      for _ in 0..<3 {
        try withMode(.training) {
          _ = try optimizer.tryStep(minimizing: crossEntropy(model(images), labels))
        }
      }
      var numbers = try model(images).tryScalars()
      for (_, tensor) in model.weights.sorted(by: { $0.key < $1.key }) {
        numbers += tensor.scalars()
      }
      let report = Report(kernels: .used, bits: numbers.map(\.bitPattern))
      try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: errand.report))
    }
  }

  /// Runs an errand in another process.
  private func report(_ errand: Errand) async throws -> Report {
    let text = String(decoding: try JSONEncoder().encode(errand), as: UTF8.self)
    await #expect(processExitsWith: .success) { [text = text as String] in
      try ReplayTests.run(try JSONDecoder().decode(Errand.self, from: Data(text.utf8)))
    }
    return try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: URL(fileURLWithPath: errand.report)))
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/fovea-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func whatWasMeasuredIsReplayedToTheBit() async throws {
    try await withFolder { folder in
      let first = try await report(
        Errand(cache: folder + "/a", tuning: "full", report: folder + "/first"))
      #expect(first.kernels.kernels.count >= 20)
      let second = try await report(
        Errand(
          cache: folder + "/b", tuning: "off", imposed: folder + "/first",
          report: folder + "/second"))
      #expect(first == second)
      // Nothing was left to measure.
      let third = try await report(
        Errand(
          cache: folder + "/c", tuning: "full", imposed: folder + "/first",
          report: folder + "/third"))
      #expect(first == third)
      #expect(!FileManager.default.fileExists(atPath: folder + "/c/kernels-v1.txt"))
    }
  }

  @Test func theFixedTableGivesTheSameBitsWhateverIsRemembered() async throws {
    try await withFolder { folder in
      let errand = Errand(
        cache: folder + "/a", tuning: "full", isDeterministic: true, report: folder + "/first")
      let first = try await report(errand)
      #expect(
        first.kernels.kernels.values.allSatisfy { $0.hasPrefix("direct") || $0.hasPrefix("small") })
      // A process that measures fills the cache with other favourites.
      var other = errand
      (other.isDeterministic, other.report) = (false, folder + "/other")
      _ = try await report(other)
      #expect(FileManager.default.fileExists(atPath: folder + "/a/kernels-v1.txt"))
      var again = errand
      again.report = folder + "/again"
      #expect(try await report(again) == first)
      #expect(first.bits.count > 270_000)
      #expect(!first.bits.contains { Float(bitPattern: $0).isNaN })
    }
  }
}
