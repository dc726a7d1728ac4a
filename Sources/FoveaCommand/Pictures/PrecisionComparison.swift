/// How the answers of a precision compare with those of single precision.
struct PrecisionComparison {
  /// The precision's name.
  let precision: String
  /// Pictures in all.
  private(set) var total = 0
  /// Pictures whose first answer is the same in both.
  private(set) var agreeing = 0
  /// Right first answers of single precision.
  private var rightInFloat32 = 0
  private var right = 0

  init(_ precision: String) { self.precision = precision }

  mutating func add(_ logits: [Float], float32 wide: [Float], truth: Int) {
    guard let own = Classifier.ranked(logits).first, let other = Classifier.ranked(wide).first
    else { return }
    total += 1
    if own.index == other.index { agreeing += 1 }
    if own.index == truth { right += 1 }
    if other.index == truth { rightInFloat32 += 1 }
  }

  /// The share of pictures with the same first answer.
  var agreement: Double { total > 0 ? Double(agreeing) / Double(total) : 0 }

  /// The accuracy of single precision.
  var accuracyInFloat32: Double { total > 0 ? Double(rightInFloat32) / Double(total) : 0 }

  /// How much less accurate this precision is; negative where it is more.
  var loss: Double { total > 0 ? Double(rightInFloat32 - right) / Double(total) : 0 }
}
