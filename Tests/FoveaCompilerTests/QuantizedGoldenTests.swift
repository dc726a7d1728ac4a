import FoveaCompiler
import FoveaTensor
import FoveaTestSupport
import Testing

/// The meaning of convolutions of bytes against PyTorch's.
@Suite struct QuantizedGoldenTests {
  static func record(_ test: GoldenCase, _ inputs: GoldenInputs) throws -> Tensor {
    func scale(_ step: String, isSigned: Bool) throws -> ByteScale {
      ByteScale(isSigned ? .int8 : .uint8, step: Float(try test.number(step)))
    }
    let (low, image) = (
      try test.extents("padding"), try scale("step", isSigned: test.flag("signed"))
    )
    let geometry = ConvolutionGeometry(
      stride: try test.extents("stride"), dilation: try test.extents("dilation"), low: low,
      high: low, groups: try test.integer("groups"))
    let residual: QuantizedConvolution.Residual =
      inputs.has("residual") ? .bytes(try scale("residualStep", isSigned: false)) : .none
    let operation = QuantizedConvolution(
      geometry, image: image, hasBias: true, residual: residual,
      activation: try test.flag("relu") ? .relu : .none,
      result: try scale("resultStep", isSigned: test.flag("resultSigned")))
    var operands = [
      inputs["x"].cast(to: image.elementType), inputs["weight"].cast(to: .int8),
      inputs["steps"].cast(to: .float32), inputs["bias"].cast(to: .float32),
    ]
    if inputs.has("residual") { operands.append(inputs["residual"].cast(to: .uint8)) }
    return try Tensor.recording(operation, operands).cast(to: .int64)
  }

  @Test func goldens() throws {
    let report = try GoldenFamily("quantized").run([
      "quantized_conv2d": { test, inputs in ["y": try Self.record(test, inputs)] }
    ])
    #expect(report.failures == [])
    #expect(report.count == 11)
  }
}
