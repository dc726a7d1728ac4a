import Foundation
import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaRuntime

/// Processors without AVX-512 and without AVX2, as far as this one can stand in for them: each test is
/// a process of its own that may not use what such a processor lacks.
@Suite(.enabled(if: KernelVariant.best != .portable, "this processor has nothing to do without"))
struct InstructionTests {
  private static let limits = KernelVariant.allCases.prefix { $0 != .best }.map(\.rawValue)

  /// Limits this process, which must not have asked for anything before.
  private static func limit(to variant: String) {
    setenv("FOVEA_INSTRUCTIONS", variant, 1)
    let facts = EngineFacts.current
    #expect(facts.kernelVariant == variant)
    #expect(facts.libraryInstructions == (variant == "avx2" ? "avx2" : "sse41"))
    #expect(!facts.hasBFloat16)
  }

  @Test(arguments: limits) func convolutionsAreRight(_ variant: String) async {
    await #expect(processExitsWith: .success) { [variant = variant as String] in
      InstructionTests.limit(to: variant)
      try KernelPolicy.with(KernelPolicy(tuning: .off)) { try InstructionTests.convolutions() }
    }
  }

  private static func convolutions() throws {
    for batch in [1, 16] {
      for (channels, filters, groups, stride) in [
        (3, 32, 1, 2), (1, 6, 1, 1), (32, 48, 1, 1), (24, 24, 24, 1), (16, 32, 2, 2),
      ] {
        let x = Images.numbers([batch, channels, 13, 14], "x")
        let w = Images.numbers([filters, channels / groups, 3, 3], "w")
        let y = x.convolved(with: w, stride: Extents(stride), padding: 1, groups: groups).relu()
        let found = gradients(of: y.squared().mean(), withRespectTo: [x, w])
        #expect(try FastPath.error([y] + found) < 2e-6, "\(channels) to \(filters)")
        #expect(try FastPath.fallbacks([y] + found) == [])
      }
    }
  }

  @Test(arguments: limits) func imagesOfABatchMayBeginAnywhere(_ variant: String) async {
    await #expect(processExitsWith: .success) { [variant = variant as String] in
      InstructionTests.limit(to: variant)
      try InstructionTests.parts()
    }
  }

  /// Images of a block of 25 pixels each, which do not all begin where a line of a cache does.
  private static func parts() throws {
    let x = Images.numbers([3, 16, 5, 5], "x").convolved(with: Images.numbers([16, 16, 1, 1], "w"))
    let parts = (0..<3).flatMap { image -> [Tensor] in
      let part = x.sliced(axis: 0, from: image, to: image + 1)
      let filtered = part.convolved(
        with: Images.numbers([16, 1, 3, 3], "filter"), padding: 1, groups: 16)
      return [
        filtered.relu().convolved(with: Images.numbers([24, 16, 1, 1], "project")),
        part.convolved(with: Images.numbers([32, 16, 3, 3], "dense"), padding: 1),
      ]
    }
    #expect(try FastPath.error(parts) < 1e-5)
    #expect(try FastPath.kernels(parts).contains("separable"))
  }

  @Test(arguments: limits) func everythingElseIsRight(_ variant: String) async {
    await #expect(processExitsWith: .success) { [variant = variant as String] in
      InstructionTests.limit(to: variant)
      try InstructionTests.others()
    }
  }

  private static func others() throws {
    let x = Images.numbers([4, 24, 9, 9], "others")
    let scale = Images.numbers([24], "scale")
    let shift = Images.numbers([24], "shift")
    let normal = x.batchNormalized(scale: scale, shift: shift, epsilon: 1e-3).output
    let pooled = [
      x.maxPooled(3, stride: 2, padding: 1), x.averagePooled(2), x.mean(axes: [2, 3]),
    ]
    let rows = x.reshaped(to: [4, 24 * 81])
    let product = Tensor.einsum("ij,jk->ik", [rows, Images.numbers([24 * 81, 30], "product")])
    let losses = [
      crossEntropy(product, Tensor([3, 0, 29, 7], shape: [4], as: .int32)),
      (x.exp() * x + x.tanh()).sum(), x.sorted(axis: 3).values.squared().mean(),
    ]
    #expect(try FastPath.error([normal, product, product.softmax()] + pooled + losses) < 1e-5)
    let found = gradients(of: losses[0] + normal.squared().mean(), withRespectTo: [x, scale])
    #expect(try FastPath.error(found) < 1e-4)
  }

  /// The logits of a network, and the losses of a few steps of another.
  private static func numbers() throws -> [Float] {
    let network = withSeed(3) { Zoo.entry(named: "resnet18")!.make(classes: 10) }
    let picture = Images.numbers([2, 3, 64, 64], "a picture")
    var numbers = try network(picture).tryScalars()
    let entry = Zoo.entry(named: "lenet5")!
    let model = withSeed(4) { entry.make() }
    for step in 0..<4 {
      let images = Images.numbers(Shape([32] + entry.input.extents), "step \(step)")
      let labels = Tensor((0..<32).map { Double(($0 + step) % 10) }, shape: [32], as: .int32)
      let weights = model.parameters.filter(\.isTrainable)
      let loss = withMode(.training) { crossEntropy(model(images), labels) }
      let slopes = gradients(of: loss, withRespectTo: weights.map(\.tensor))
      let updates = zip(weights, slopes).map {
        (state: $0.tensor, next: $0.tensor - Tensor(0.05) * $1)
      }
      let values = try Engine.run(results: [loss], updates: updates)
      numbers.append(Float(values.results[0].scalars[0]))
      for (weight, value) in zip(weights, values.updates) {
        try weight.assign(Tensor(value, role: .state))
      }
    }
    return numbers
  }

  @Test(arguments: limits) func networksGiveWhatTheyGiveElsewhere(_ variant: String) async throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("fovea-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    await #expect(processExitsWith: .success) {
      [variant = variant as String, file = file as String] in
      InstructionTests.limit(to: variant)
      let numbers = try KernelPolicy.with(.deterministic) { try InstructionTests.numbers() }
      try JSONEncoder().encode(numbers).write(to: URL(fileURLWithPath: file))
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: file))
    let theirs = try JSONDecoder().decode([Float].self, from: data)
    let ours = try InstructionTests.numbers()
    #expect(theirs.count == ours.count && ours.count == 24)
    let largest = ours.map(abs).max()!
    for (a, b) in zip(ours, theirs) { #expect(abs(a - b) <= 1e-4 * largest) }
    // Steps that change nothing would agree as well.
    #expect(Set(ours.suffix(4)).count == 4)
  }

  @Test func wordsThatMeanNothingAreSaidOnce() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      setenv("FOVEA_INSTRUCTIONS", "avx9", 1)
      _ = EngineFacts.current
      _ = EngineFacts.current
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.components(separatedBy: "FOVEA_INSTRUCTIONS=\"avx9\" is not portable").count == 2)
  }
}
