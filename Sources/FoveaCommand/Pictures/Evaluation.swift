/// Counts of right and wrong answers.
struct Evaluation {
  /// Answers by truth and answer.
  private(set) var counts: [Int: [Int: Int]] = [:]
  /// Pictures whose class was the first answer.
  private(set) var right = 0
  /// Pictures whose class was among the first five.
  private(set) var rightOfFive = 0
  /// Pictures in all.
  private(set) var total = 0

  mutating func add(_ answers: [Answer], truth: Int) {
    guard let first = answers.first else { return }
    total += 1
    if first.index == truth { right += 1 }
    if answers.prefix(5).contains(where: { $0.index == truth }) { rightOfFive += 1 }
    counts[truth, default: [:]][first.index, default: 0] += 1
  }

  /// The share of right first answers.
  var accuracy: Double { total > 0 ? Double(right) / Double(total) : 0 }

  /// The share of pictures whose class was among the first five.
  var accuracyOfFive: Double { total > 0 ? Double(rightOfFive) / Double(total) : 0 }

  /// Where the accuracy on other pictures lies with 95 % confidence (Wilson, 1927).
  var interval: ClosedRange<Double> {
    guard total > 0 else { return 0...1 }
    let (n, z) = (Double(total), 1.959963984540054)
    let middle = (accuracy + z * z / (2 * n)) / (1 + z * z / n)
    let spread =
      z / (1 + z * z / n)
      * (accuracy * (1 - accuracy) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, middle - spread)...min(1, middle + spread)
  }

  /// Pictures of a class.
  func pictures(of truth: Int) -> Int { counts[truth]?.values.reduce(0, +) ?? 0 }

  /// The share of a class that was recognised.
  func recall(of truth: Int) -> Double? {
    let count = pictures(of: truth)
    return count > 0 ? Double(counts[truth]?[truth] ?? 0) / Double(count) : nil
  }

  /// The share of the answers with this class that were right.
  func precision(of answer: Int) -> Double? {
    let given = counts.values.reduce(0) { $0 + ($1[answer] ?? 0) }
    return given > 0 ? Double(counts[answer]?[answer] ?? 0) / Double(given) : nil
  }

  /// A class that was taken for another, and how often.
  struct Confusion: Equatable {
    let truth: Int
    let answer: Int
    let count: Int
  }

  /// What was confused, the most frequent first.
  var confusions: [Confusion] {
    counts.flatMap { truth, answers in
      answers.filter { $0.key != truth }.map {
        Confusion(truth: truth, answer: $0.key, count: $0.value)
      }
    }.sorted { ($1.count, $0.truth, $0.answer) < ($0.count, $1.truth, $1.answer) }
  }
}
