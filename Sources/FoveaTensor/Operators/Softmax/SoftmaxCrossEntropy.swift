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
