/// What right labels and wrong ones count in a cross-entropy.
package struct LabelTarget: Hashable, Sendable {
  /// How much of the target is spread over all classes alike.
  ///
  /// Szegedy and others. *Rethinking the Inception architecture for computer vision*, 2015.
  package let smoothing: Double
  /// The label of samples that do not count.
  package let ignored: Int?

  package init(smoothing: Double = 0, ignored: Int? = nil) {
    self.smoothing = smoothing
    self.ignored = ignored
  }

  /// Logits `[N, C, …]` and labels `[N, …]` of a class each.
  func check(
    _ operation: String, logits: TensorType, labels: TensorType
  ) throws(ShapeError) {
    guard logits.elementType.isFloatingPoint else {
      throw ShapeError(operation, "takes floating-point logits, got \(logits); cast them first")
    }
    guard logits.rank >= 2 else {
      throw ShapeError(operation, "takes logits [N, classes, …], got \(logits.shape)")
    }
    guard labels.elementType == .int32 || labels.elementType == .int64 else {
      throw ShapeError(operation, "labels must be int32 or int64, got \(labels); cast them first")
    }
    let expected = logits.shape.reduced([1], keepsAxes: false)
    guard labels.shape == expected else {
      throw ShapeError(
        operation, "logits \(logits.shape) need labels \(expected), got \(labels.shape)")
    }
    guard (0...1).contains(smoothing) else {
      throw ShapeError(operation, "label smoothing must lie between 0 and 1, got \(smoothing)")
    }
  }

  /// What a class counts for a sample with `label`: nothing if that is ignored, not-a-number if it
  /// is no class.
  func weight(of place: Int, label: Double, classes: Int) -> Double {
    if let ignored, label == Double(ignored) { return 0 }
    guard label >= 0, label < Double(classes) else { return .nan }
    return smoothing / Double(classes) + (Double(place) == label ? 1 - smoothing : 0)
  }

  /// The same, recorded.
  func weights(_ labels: Tensor, like logits: Tensor) throws(ShapeError) -> Tensor {
    let classes = logits.shape[1]
    var column = labels.shape
    column.extents.insert(1, at: 1)
    let label = labels.reshaped(to: column)
    let numbers = Tensor(counting: classes, as: labels.elementType)
      .reshaped(to: Shape([classes] + [Int](repeating: 1, count: logits.rank - 2)))
    let share = smoothing / Double(classes)
    var weights = (label .== numbers).cast(to: logits.elementType) * (1 - smoothing) + share
    weights = weights.replacing(where: .!label.isInside(extent: classes), with: Double.nan)
    if let ignored {
      let number = try Tensor.recording(Fill(Double(ignored), label.type), [])
      weights = weights.replacing(where: label .== number, with: 0.0)
    }
    return weights
  }
}
