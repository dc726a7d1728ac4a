import Foundation
import FoveaTensor
import Synchronization
import Testing

@testable import FoveaRuntime

@Suite struct KernelChoiceTests {
  /// A folder that is gone afterwards.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fovea-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// Collects the warnings of a cache.
  private final class Warnings: Sendable {
    private let list = Mutex<[String]>([])
    var texts: [String] { list.withLock { $0 } }
    func add(_ text: String) { list.withLock { $0.append(text) } }
  }

  private func cache(_ file: URL) -> (KernelCache, Warnings) {
    let warnings = Warnings()
    return (KernelCache(file: file) { warnings.add($0) }, warnings)
  }

  @Test func whatWasMeasuredIsReadBack() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("deep/er/kernels-v1.txt")
      let (first, quiet) = cache(file)
      #expect(first.kernel(for: "a task") == nil)
      first.store("winograd any", for: "a task")
      first.save()
      let (second, alsoQuiet) = cache(file)
      #expect(second.kernel(for: "a task") == "winograd any")
      #expect(second.kernel(for: "another") == nil)
      // Two processes add to one file.
      first.store("direct any", for: "first's")
      second.store("direct blocked", for: "second's")
      first.save()
      second.save()
      let (third, _) = cache(file)
      #expect(third.kernel(for: "first's") == "direct any")
      #expect(third.kernel(for: "second's") == "direct blocked")
      #expect(quiet.texts + alsoQuiet.texts == [])
      let left = try FileManager.default.contentsOfDirectory(
        atPath: file.deletingLastPathComponent().path)
      #expect(left == ["kernels-v1.txt"])
    }
  }

  @Test func damagedFilesAreIgnoredWithOneWarning() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("kernels-v1.txt")
      let (writer, _) = cache(file)
      writer.store("winograd any", for: "a task")
      writer.save()
      let good = try Data(contentsOf: file)
      var damaged: [Data] = [Data(), good.dropLast(), good + Data("x".utf8), Data([0xFF, 0xFE])]
      damaged += (0..<good.count).map { place in
        var data = good
        data[place] ^= 1
        return data
      }
      damaged.append(Data("fovea kernels 2\n".utf8))
      damaged.append(Data("#!/bin/sh\necho something else\n".utf8))
      for data in damaged {
        try data.write(to: file)
        let (reader, warnings) = cache(file)
        #expect(reader.kernel(for: "a task") == nil)
        #expect(reader.kernel(for: "a task") == nil)
        #expect(warnings.texts.count == 1)
        #expect(warnings.texts[0].hasPrefix("fovea: warning: \(file.path) is not used: "))
        #expect(!warnings.texts[0].contains("\n"))
        // It heals with the next measurement.
        reader.store("direct any", for: "a task")
        reader.save()
        let (healed, quiet) = cache(file)
        #expect(healed.kernel(for: "a task") == "direct any")
        #expect(quiet.texts == [])
      }
      #expect(damaged.count > 50)
    }
  }

  @Test func unwritableFilesCostNothingButTheMeasurement() throws {
    try withFolder { folder in
      let obstacle = folder.appendingPathComponent("a file")
      try Data().write(to: obstacle)
      let (cache, warnings) = cache(obstacle.appendingPathComponent("kernels-v1.txt"))
      for kernel in ["direct any", "winograd any"] {
        cache.store(kernel, for: "a task")
        cache.save()
        #expect(cache.kernel(for: "a task") == kernel)
      }
      #expect(warnings.texts.count == 1)
    }
  }

  @Test func kernelsHaveNames() {
    for algorithm in ConvolutionKernel.Algorithm.allCases {
      for arrangement in ConvolutionKernel.Arrangement.allCases {
        let kernel = ConvolutionKernel(algorithm, arrangement)
        #expect(ConvolutionKernel(kernel.description) == kernel)
      }
    }
    for wrong in ["", "direct", "direct any more", "Direct any", "direct  any"] {
      #expect(ConvolutionKernel(wrong) == nil)
    }
  }

  @Test func choicesAreListedAndReplayed() throws {
    guard Machine.channelBlock == 16 else { return }
    let x = Images.numbers([1, 32, 9, 9], "replay")
    let w = Images.numbers([32, 32, 3, 3], "replay")
    let y = x.convolved(with: w, padding: 1)
    _ = try KernelPolicy.with(KernelPolicy(tuning: .off)) { try Engine.run(results: [y]) }
    let used = KernelChoices.used.kernels.filter { $0.key.contains("1x32x9x9 32x32x3x3") }
    #expect(used.count == 1)
    #expect(used.values.first == "direct blocked")
    let text = try JSONEncoder().encode(KernelChoices(used.mapValues { _ in "winograd any" }))
    let imposed = try JSONDecoder().decode(KernelChoices.self, from: text)
    try KernelPolicy.with(KernelPolicy(tuning: .full, imposed: imposed)) { () throws in
      #expect(try FastPath.kernels([y]).contains { $0.contains("wino") })
    }
    // What cannot be computed that way, or is no kernel, is chosen as if nothing had been said.
    for nonsense in ["winograd last", "nonsense"] {
      let choices = KernelChoices(used.mapValues { _ in nonsense })
      try KernelPolicy.with(KernelPolicy(tuning: .off, imposed: choices)) { () throws in
        #expect(try FastPath.error([y]) < 1e-5)
      }
    }
  }

  /// A filter that was trained lies in blocks, which no transformed filter can be made of at once.
  @Test func aTrainedFilterIsTransformed() throws {
    guard Machine.channelBlock == 16 else { return }
    let x = Images.numbers([2, 32, 20, 20], "trained")
    let w = Tensor(Images.numbers([32, 32, 3, 3], "trained").value!, role: .state)
    let loss = x.convolved(with: w, padding: 1).squared().sum()
    let slope = gradients(of: loss, withRespectTo: [w])[0]
    let trained = try KernelPolicy.with(.deterministic) {
      try Engine.run(results: [], updates: [(state: w, next: w - slope * 1e-6)]).updates[0]
    }
    #expect((trained as? EngineValue)?.layout.isPlain == false)
    let y = x.convolved(with: Tensor(trained, role: .state), padding: 1)
    let policy = KernelPolicy(tuning: .off)
    let used = try KernelPolicy.with(policy) { () throws in
      _ = try Engine.run(results: [y])
      return KernelChoices.used.kernels.filter { $0.key.contains("2x32x20x20 32x32x3x3") }
    }
    let imposed = KernelChoices(used.mapValues { _ in "winograd any" })
    try KernelPolicy.with(KernelPolicy(tuning: .off, imposed: imposed)) { () throws in
      #expect(try FastPath.kernels([y]).contains { $0.contains("wino") })
      #expect(try FastPath.error([y]) < 1e-4)
    }
  }

  @Test func measuringFindsSomethingThatIsRight() throws {
    let x = Images.numbers([2, 24, 10, 10], "measured")
    let w = Images.numbers([40, 24, 3, 3], "measured")
    let y = x.convolved(with: w, padding: 1)
    try KernelPolicy.with(KernelPolicy(tuning: .full)) { () throws in
      #expect(try FastPath.error([y]) < 1e-5)
      #expect(try FastPath.fallbacks([y]) == [])
    }
  }

  @Test func linesOfShapesAreChecked() throws {
    let good = "ic3 ih8 iw8 oc4 oh4 ow4 kh3 kw3 sh2 sw2 ph1 pw1 dh1 dw1 g1 *2  # a layer"
    let shape = try #require(try ConvolutionShape(line: good))
    #expect(shape.filter == [4, 3, 3, 3])
    #expect(shape.outputShape(5) == [5, 4, 4, 4])
    #expect(try ConvolutionShape(line: "  # a comment") == nil)
    let wrong = [
      good.replacingOccurrences(of: "ic3 ", with: ""),
      good.replacingOccurrences(of: "oh4", with: "oh5"),
      good.replacingOccurrences(of: "g1", with: "g0"),
      good.replacingOccurrences(of: "g1", with: "g2"),
      good.replacingOccurrences(of: "sh2", with: "sh0"),
      good.replacingOccurrences(of: "kw3", with: "kw-3"),
      good.replacingOccurrences(of: "ih8", with: "ih8 ih8"), "zz1 " + good, "convolution",
    ]
    for line in wrong { #expect(throws: (any Error).self) { try ConvolutionShape(line: line) } }
  }
}
