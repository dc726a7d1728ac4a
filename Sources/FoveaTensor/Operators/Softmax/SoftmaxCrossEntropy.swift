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

/// `loss[n, …] = −Σ t[c] · log softmax(x)[n, c, …]` over the classes `c`, where `t` is 1 for the
/// class that the label names; the target may be smoothed, and samples may be ignored.
///
/// A label that is no class gives not-a-number.
package struct SoftmaxCrossEntropy: SingleResultOperator {
  package let target: LabelTarget

  package init(_ target: LabelTarget = LabelTarget()) { self.target = target }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try target.check(name, logits: operands[0], labels: operands[1])
    return operands[0].with(shape: operands[1].shape)
  }

  package func evaluate(_ operands: [HostArray], into loss: inout HostArray) {
    let (x, labels) = (operands[0], operands[1].scalars)
    let lanes = Lanes(x.shape, axis: 1)
    for lane in 0..<lanes.count {
      let line = lanes.positions(lane).map { x.scalars[$0] }
      let total = LogSoftmax.logSumExp(line)
      for (place, logit) in line.enumerated() {
        let weight = target.weight(of: place, label: labels[lane], classes: lanes.length)
        if weight != 0 { loss.scalars[lane] += weight * (total - logit) }
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(SoftmaxCrossEntropyGradient(target), [g] + operands), nil]
  }
}

/// `x̄[n, c, …] = g[n, …] · (softmax(x)[n, c, …] · Σ t − t[c])`.
package struct SoftmaxCrossEntropyGradient: SingleResultOperator, Decomposable {
  package let target: LabelTarget

  package init(_ target: LabelTarget) { self.target = target }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 3)
    try target.check(name, logits: operands[1], labels: operands[2])
    guard operands[0] == operands[1].with(shape: operands[2].shape) else {
      throw ShapeError(
        name,
        "logits \(operands[1]) need a gradient \(operands[2].shape) of their own kind, got "
          + "\(operands[0])")
    }
    return operands[1]
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, x, labels) = (operands[0].scalars, operands[1], operands[2].scalars)
    Softmax(axis: 1).evaluate([x], into: &result)
    let lanes = Lanes(x.shape, axis: 1)
    for lane in 0..<lanes.count {
      let weights = (0..<lanes.length).map {
        target.weight(of: $0, label: labels[lane], classes: lanes.length)
      }
      let sum = weights.reduce(0, +)
      for (place, position) in lanes.positions(lane).enumerated() {
        result.scalars[position] = g[lane] * (result.scalars[position] * sum - weights[place])
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, x, labels) = (operands[0], operands[1], operands[2])
    let weights = try target.weights(labels, like: x)
    let sum = weights.sum(axes: [1], keepsAxes: true)
    return [g.reshaped(to: sum.shape) * (x.softmax(axis: 1) * sum - weights)]
  }
}

extension Tensor {
  /// The cross-entropy of each sample between these logits `[N, classes, …]` and labels `[N, …]`.
  ///
  /// - Parameters:
  ///   - smoothing: how much of the target is spread over all classes alike.
  ///   - ignored: the label of samples whose loss is 0.
  public func softmaxCrossEntropy(
    labels: Tensor, smoothing: Double = 0, ignoring ignored: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let target = LabelTarget(smoothing: smoothing, ignored: ignored)
    return .record(SoftmaxCrossEntropy(target), self, labels, file: file, line: line)
  }

  /// The cross-entropy of each sample between these logits `[N, classes, …]` and what each class
  /// counts, of the same shape.
  public func softmaxCrossEntropy(
    distributions: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingCrossEntropy(distributions: distributions)
    }
  }

  package func recordingCrossEntropy(distributions: Tensor) throws(ShapeError) -> Tensor {
    try expectFloatingPoint("softmax cross entropy")
    guard rank >= 2 else {
      throw ShapeError("softmax cross entropy", "takes logits [N, classes, …], got \(shape)")
    }
    guard type == distributions.type else {
      throw ShapeError(
        "softmax cross entropy",
        "logits \(type) and distributions \(distributions.type) must be "
          + "alike")
    }
    return -((distributions * logSoftmax(axis: 1)).sum(axes: [1]))
  }
}
