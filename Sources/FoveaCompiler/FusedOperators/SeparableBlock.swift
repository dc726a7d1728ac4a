package import FoveaTensor

/// A depthwise convolution with the 1×1 convolutions before and after it, in one pass: the blocks of
/// MobileNet (Howard et al. 2017) and MobileNetV2 (Sandler et al. 2018).
///
/// Operands: the image; the filter and, where there is one, the bias of each convolution in turn; and
/// last the residual of the projection, if it has one.
package struct SeparableBlock: SingleResultOperator {
  package let expand: FusedConvolution?
  package let depthwise: FusedConvolution
  package let project: FusedConvolution?

  package init(
    expand: FusedConvolution?, depthwise: FusedConvolution, project: FusedConvolution?
  ) {
    self.expand = expand
    self.depthwise = depthwise
    self.project = project
  }

  package var name: String { "separable " + stages.map(\.name).joined(separator: ", ") }

  /// The convolutions there are, in order.
  package var stages: [FusedConvolution] {
    [expand, depthwise, project].compactMap { $0 }
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1 + stages.reduce(0) { $0 + $1.weightCount })
    var (type, next) = (operands[0], 1)
    for stage in stages {
      type = try stage.type(of: [type] + operands[next..<next + stage.weightCount])
      next += stage.weightCount
    }
    return type
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    var (image, next) = (operands[0], 1)
    for stage in stages {
      let all = [image] + operands[next..<next + stage.weightCount]
      // Their types fit, or there would be no result to compute.
      let type = try! stage.type(of: all.map(\.type))
      image = Interpreter.results(of: stage, all, types: [type])[0]
      next += stage.weightCount
    }
    y = image
  }
}

extension FusedConvolution {
  /// How many operands there are beside the image.
  package var weightCount: Int { 1 + (hasBias ? 1 : 0) + (hasResidual ? 1 : 0) }
}
