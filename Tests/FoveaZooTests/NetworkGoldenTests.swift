import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaZoo
import Testing

/// Every network of the zoo answers as PyTorch's does, and learns from the same gradients.
@Suite(.serialized) struct NetworkGoldenTests {
  @Test(arguments: Zoo.entries) func saysWhatPyTorchSays(_ entry: ZooEntry) throws {
    let cases = try NetworkCase.all.get().filter { $0.name == entry.name }
    try #require(cases.count == 1)
    let test = cases[0]
    let model = entry.make(classes: test.classes, dropout: 0)
    #expect(Self.differentNames(model, test) == [])
    model.fillByFormula(gain: test.gain, threshold: test.threshold)

    let shape: Shape = [test.labels.count, entry.input[0], test.side, test.side]
    let images = Tensor(Formula.even("input", shape.count), shape: shape)
    let labels = Tensor(test.labels.map(Double.init), shape: [test.labels.count], as: .int32)
    let logits = model(images)
    let loss = withMode(.training) { crossEntropy(model(images), labels) }
    let targets = model.namedParameters.filter(\.parameter.isTrainable)
    let steps = gradients(of: loss, withRespectTo: targets.map(\.parameter.tensor))
    let values = evaluate([logits, loss] + steps)
    // Winograd's algorithm rounds otherwise, and where a unit is all but closed or two pixels of a
    // pool all but equal, that decides which of them learns: single numbers then differ, not sums.
    let exact = KernelPolicy.with(.deterministic) { evaluate(steps) }

    let answers = values[0].scalars
    let expected = test.logits.flatMap { $0 }
    let error = Self.norm(zip(answers, expected).map(-)) / Self.norm(expected)
    #expect(error <= 1e-4)
    for (row, best) in test.top5.enumerated() {
      let scores = answers[row * test.classes..<(row + 1) * test.classes]
      let order = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(5)
      #expect(order.map { $0 - row * test.classes } == best)
    }
    #expect(abs(values[1].scalars[0] - test.loss) <= 1e-3 * test.loss)
    #expect(Self.differences(targets.map(\.name), values[2...], test, inSamples: false) == [])
    #expect(Self.differences(targets.map(\.name), exact[...], test, inSamples: true) == [])
  }

  /// Parameters that only one of the two has, or that have another shape.
  private static func differentNames(_ model: some Module, _ test: NetworkCase) -> [String] {
    let mine = model.namedParameters.map { name, parameter in
      parameter.isTrainable ? "\(name) \(parameter.shape)" : name
    }
    let theirs = test.parameters.map { "\($0.name) \(Shape($0.shape))" } + test.state
    return Set(mine).symmetricDifference(theirs).sorted()
  }

  /// Where gradients differ by more than a thousandth, in norm or also in one of the samples.
  private static func differences(
    _ names: [String], _ gradients: ArraySlice<PlainValue>, _ test: NetworkCase, inSamples: Bool
  ) -> [String] {
    let found = Dictionary(uniqueKeysWithValues: zip(names, gradients))
    // What is 0 but for rounding, as a bias before a normalisation, is as large as the rounding.
    let least = 1e-6 * (test.parameters.map(\.norm).max() ?? 0)
    var differences: [String] = []
    for expected in test.parameters {
      guard let gradient = found[expected.name] else { continue }
      let numbers = gradient.bytes.bindMemory(to: Float.self)[..<gradient.type.shape.count]
      let norm = numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      if !(abs(norm - expected.norm) <= 1e-3 * expected.norm + least) {
        differences.append("\(expected.name): norm \(norm), expected \(expected.norm)")
      }
      guard inSamples else { continue }
      let usual = expected.norm / Double(numbers.count).squareRoot()
      for (place, sample) in zip(expected.places, expected.samples) {
        let number = Double(numbers[place])
        if !(abs(number - sample) <= 1e-3 * max(abs(sample), usual) + least) {
          differences.append("\(expected.name)[\(place)]: \(number), expected \(sample)")
        }
      }
    }
    return differences
  }

  private static func norm(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
