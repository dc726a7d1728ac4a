import FoveaCommandKit

/// When a training has failed, and how that is said.
enum Divergence {
  private static let hint = "a smaller --lr usually helps"
  /// How many times worse than guessing an epoch must be before nobody can hope any more.
  private static let hopeless = 1000.0

  /// Refuses the loss of a step that is no number.
  static func check(step loss: Float, _ step: Int, of epoch: Int) throws(CommandFailure) {
    guard !loss.isFinite else { return }
    throw CommandFailure(
      .negative, "the loss became \(loss) in step \(step) of epoch \(epoch)", hint: hint)
  }

  /// Refuses the mean loss of an epoch that is far beyond that of guessing.
  ///
  /// - Parameter guessing: the cross-entropy of equal shares, the logarithm of the number of classes.
  static func check(epoch loss: Double, _ epoch: Int, guessing: Double) throws(CommandFailure) {
    guard loss > hopeless * guessing else { return }
    throw CommandFailure(
      .negative,
      "the loss grew to \(loss) in epoch \(epoch), while guessing has \(NumberText.fixed(guessing, 2))",
      hint: hint)
  }
}
