import Foundation
import Fovea
import Testing

/// The code people copy: what the README and the documentation show is compiled and run here.
@Suite struct ArticleTests {
  @Test func learnsFromDigitsInTenLines() {
    let digits = Digits(seed: 1)
    let model = LeNet5()
    let optimizer = Optimizer(Adam(), for: model, learningRate: 1e-3)
    for step in 0..<400 {
      let (images, labels) = digits.batch(split: .training, indices: step * 64..<(step + 1) * 64)
      let loss = optimizer.step(minimizing: crossEntropy(model(images), labels))
      if step % 100 == 0 { print("step \(step): loss \(loss)") }
    }
    let (images, labels) = digits.batch(split: .test, indices: 0..<2000)
    print("accuracy \(accuracy(model(images), labels).scalar())")
    #expect(accuracy(model(images), labels).scalar() > 0.9)
  }

  @Test func trainsLeNet5() {
    let digits = Digits(seed: 1)
    let order = ShuffledOrder(seed: 1, count: 12_000)
    let model = withSeed(1) { LeNet5() }
    let optimizer = Optimizer(Adam(), for: model, learningRate: 1e-3)
    for epoch in 0..<2 {
      for start in stride(from: 0, to: order.count, by: 64) {
        let indices = (start..<min(start + 64, order.count)).map {
          order.index(at: $0, epoch: epoch)
        }
        let (images, labels) = digits.batch(split: .training, indices: indices)
        withMode(.training) { optimizer.step(minimizing: crossEntropy(model(images), labels)) }
      }
    }
    let (images, labels) = digits.batch(split: .test, indices: 0..<2000)
    print("accuracy \(accuracy(model(images), labels).scalar())")
    #expect(accuracy(model(images), labels).scalar() > 0.9)
  }

  struct SmallNetwork: Layer {
    let conv1 = Conv2D(in: 1, out: 8, kernel: 3, padding: 1)
    let bn1 = BatchNorm(8)
    let fc = Linear(in: 8 * 14 * 14, out: 10)

    func forward(_ x: Tensor) -> Tensor {
      fc(bn1(conv1(x)).relu().maxPooled(2).flattened())
    }
  }

  @Test func looksIntoASmallNetwork() throws {
    let model = withSeed(1) { SmallNetwork() }
    let digits = Digits(seed: 1)
    let (images, labels) = digits.batch(split: .test, indices: 0..<4)
    let loss = crossEntropy(model(images), labels)
    let saliency = gradient(of: loss, withRespectTo: images).absolute()
    #expect(saliency.shape == [4, 1, 28, 28])
    #expect(saliency.scalars().contains { $0 > 0 })
    let saved = model.weights
    try model.load(saved)
    #expect(
      saved.keys.sorted() == [
        "bn1.bias", "bn1.num_batches_tracked", "bn1.running_mean", "bn1.running_var",
        "bn1.weight", "conv1.bias", "conv1.weight", "fc.bias", "fc.weight",
      ])
  }

  @Test(arguments: ["README.md", "Sources/Fovea/Fovea.docc/TrainLeNet5.md"])
  func theSameLinesAreShown(_ file: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let blocks = try Self.code(in: String(contentsOf: root.appending(path: file), encoding: .utf8))
    #expect(blocks.count >= 1)
    let here = Self.lines(of: try String(contentsOfFile: #filePath, encoding: .utf8)[...])
    for block in blocks {
      let starts = here.indices.filter { here[$0...].starts(with: block) }
      #expect(!starts.isEmpty, "not compiled in a test:\n\(block.joined(separator: "\n"))")
    }
  }

  /// The lines of every block of Swift, without imports.
  private static func code(in text: String) -> [[String]] {
    text.components(separatedBy: "```swift\n").dropFirst().map { part in
      let block = part.components(separatedBy: "```")[0]
      return lines(of: block[...]).filter { !$0.hasPrefix("import ") }
    }
  }

  private static func lines(of text: Substring) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
