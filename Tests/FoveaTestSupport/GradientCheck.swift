public import FoveaTensor

/// Compares recorded gradients with central differences of the meaning, all in `Double`.
///
/// Returns what disagrees; nothing when all is well. Step 1e-6, absolute tolerance 1e-5, relative
/// tolerance 1e-3.
public enum GradientCheck {
  /// The gradient of a random weighting of the results, for every operand that has one.
  public static func firstOrder(_ test: OperatorCase) throws -> [String] {
    let subject = try Subject(test)
    let objective = subject.objective(of: subject.outputs, salt: "first")
    return try compare(objective, subject, order: "first")
  }

  /// The gradient of a random weighting of the gradients.
  public static func secondOrder(_ test: OperatorCase) throws -> [String] {
    let subject = try Subject(test)
    let objective = subject.objective(of: subject.outputs, salt: "first")
    let found = try pullback(
      of: [objective], cotangents: [Tensor(repeating: 1, shape: [], as: .float64)],
      to: subject.leaves)
    let gradients = found.compactMap { $0 }
    guard !gradients.isEmpty else { return ["\(test): has no gradient at all"] }
    let second = subject.objective(of: gradients, salt: "second")
    return try compare(second, subject, order: "second")
  }

  private static func compare(
    _ objective: Tensor, _ subject: Subject, order: String
  ) throws -> [String] {
    let gradients = try pullback(
      of: [objective], cotangents: [Tensor(repeating: 1, shape: [], as: .float64)],
      to: subject.leaves)
    // A function linear in an operand has no second gradient for it: then the differences are 0.
    let values = Interpreter.evaluate(gradients.compactMap { $0 })
    var next = values.makeIterator()
    var failures: [String] = []
    if order == "first", values.isEmpty { return ["\(subject.test): has no gradient at all"] }
    for (operand, gradient) in gradients.enumerated() {
      let analytic = gradient == nil ? nil : next.next()
      let array = subject.arrays[operand]
      let stride = Swift.max(1, array.scalars.count / 12)
      for index in Swift.stride(from: 0, to: array.scalars.count, by: stride) {
        let step = 1e-6
        let numeric =
          (subject.value(of: objective, operand, index, by: step)
            - subject.value(of: objective, operand, index, by: -step)) / (2 * step)
        let exact = analytic?.scalars[index] ?? 0
        if !(abs(exact - numeric) <= 1e-5 + 1e-3 * abs(numeric)) {
          failures.append(
            "\(subject.test), \(order) order, operand \(operand) element \(index): "
              + "recorded \(exact), differences \(numeric)")
        }
      }
    }
    return failures
  }

  private struct Subject {
    let test: OperatorCase
    let arrays: [HostArray]
    let leaves: [Tensor]
    let outputs: [Tensor]

    init(_ test: OperatorCase) throws {
      self.test = test
      arrays = test.arrays()
      leaves = arrays.map { Tensor($0) }
      outputs = try test.record(leaves).filter { $0.elementType.isFloatingPoint }
    }

    func objective(of outputs: [Tensor], salt: String) -> Tensor {
      var random = TestRandom(seed: test.description + salt)
      var sum = Tensor(repeating: 0, shape: [], as: .float64)
      for output in outputs {
        let weights = (0..<output.shape.count).map { _ in random.uniform(-1...1) }
        sum = sum + (output * Tensor(weights, shape: output.shape, as: .float64)).sum()
      }
      return sum
    }

    func value(of objective: Tensor, _ operand: Int, _ index: Int, by step: Double) -> Double {
      var moved = arrays[operand]
      moved.scalars[index] += step
      return Interpreter.evaluate([objective], replacing: [leaves[operand].node.id: moved])[0]
        .scalars[0]
    }
  }
}

extension GradientCheck {
  /// What disagrees in a whole table, at first order and, unless told otherwise, at second.
  public static func failures(
    of table: [OperatorCase], secondOrder: Bool = true
  ) throws -> [String] {
    var failures: [String] = []
    for test in table {
      failures += try firstOrder(test)
      if secondOrder { failures += try Self.secondOrder(test) }
    }
    return failures
  }
}

extension GradientCheck {
  /// How many cases of a table could be recorded, with the gradients of the gradients, for operands
  /// of another element type; a rule that forgets what it was given stops the program.
  public static func recorded(_ table: [OperatorCase], as elementType: ElementType) throws -> Int {
    var count = 0
    for test in table {
      let leaves = test.arrays().map { Tensor($0.scalars, shape: $0.shape, as: elementType) }
      let outputs = try test.record(leaves).filter { $0.elementType.isFloatingPoint }
      let first = try pullback(of: outputs, cotangents: outputs.map { $0 * 2 }, to: leaves)
      let gradients = first.compactMap { $0 }
      _ = try pullback(of: gradients, cotangents: gradients.map { $0 * 2 }, to: leaves)
      count += gradients.allSatisfy { $0.elementType == elementType } ? 1 : 0
    }
    return count
  }
}
