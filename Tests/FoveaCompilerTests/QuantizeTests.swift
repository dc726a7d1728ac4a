import FoveaCompiler
import FoveaTensor
import FoveaTestSupport
import Testing

/// Graphs before and after their products were given bytes.
@Suite struct QuantizeTests {
  private static func leaf(_ shape: Shape, _ seed: String) -> Tensor {
    PassTests.leaf(shape, "quantize " + seed)
  }

  /// A weight.
  private static func state(_ shape: Shape, _ seed: String) -> Tensor {
    Tensor(leaf(shape, seed).value!, role: .state)
  }

  private struct Outcome {
    let graph: Graph
    /// Relative to the norm of the outputs before.
    let error: Double
    let problems: [String]

    var operations: [String] { graph.vertices.compactMap { $0.operation?.name } }
  }

  /// Measures ranges on the graph itself and quantises it.
  private static func run(_ tensors: [Tensor]) -> Outcome {
    let (recorded, values) = PassCheck.graph(tensors)
    let before = Pass.fuseEpilogue.run(recorded)
    let choice = QuantizationChoice(before)
    var measured = before
    measured.outputs = choice.values
    let ranges = measured.interpreted(values).map { value in
      Float(value.scalars.min()!)...Float(value.scalars.max()!)
    }
    let after = Pass.dropUnused.run(Pass.quantize(ranges).run(before))
    let problems = Verifier.problems(of: after)
    guard problems.isEmpty else {
      return Outcome(graph: after, error: .infinity, problems: problems)
    }
    var worst = 0.0
    for (old, new) in zip(before.interpreted(values), after.interpreted(values)) {
      let difference = zip(old.scalars, new.scalars).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
      worst = max(worst, (difference / old.scalars.reduce(0) { $0 + $1 * $1 }).squareRoot())
    }
    return Outcome(graph: after, error: worst, problems: [])
  }

  private static let image = leaf([2, 3, 7, 7], "x")
  private static let first = state([4, 3, 3, 3], "v")
  private static let second = state([5, 4, 3, 3], "w")

  @Test func nothingIsConvertedBetweenConvolutions() {
    let y = Self.image.convolved(with: Self.first).relu().convolved(with: Self.second)
    let outcome = Self.run([y])
    #expect(outcome.problems == [])
    #expect(outcome.error < 3e-2 && outcome.error > 0)
    #expect(
      outcome.operations == [
        "quantize", "quantize filter", "quantized convolution+relu", "quantize filter",
        "quantized convolution",
      ])
    let types = outcome.graph.vertices.filter { $0.operation is QuantizedConvolution }
      .map { $0.types[0].elementType }
    // Behind a rectifier nothing is below 0; results are real.
    #expect(types == [.uint8, .float32])
  }

  @Test func sumsArePartOfTheConvolution() {
    let a = Self.image.convolved(with: Self.first).relu()
    let w = Self.state([4, 4, 3, 3], "r")
    let b = (a.convolved(with: w, padding: 1) + a).relu()
    let outcome = Self.run([b.convolved(with: Self.second)])
    #expect(outcome.problems == [])
    #expect(outcome.error < 3e-2)
    #expect(outcome.graph.count(Quantize.self) == 1)
    #expect(outcome.graph.count(Dequantize.self) == 0)
    #expect(outcome.operations.contains("quantized convolution+residual+relu"))
  }

  @Test func whatIsMovedKeepsItsScale() {
    let a = Self.image.convolved(with: Self.first).relu()
    let b = Self.image.convolved(with: Self.state([4, 3, 3, 3], "u")) * 3
    let list = Tensor.concatenated(
      [a.maxPooled(2), Self.image.convolved(with: Self.first).maxPooled(2)], axis: 1)
    let y = list.convolved(with: Self.state([5, 8, 1, 1], "z"))
    let outcome = Self.run([y, b])
    #expect(outcome.problems == [])
    #expect(outcome.error < 3e-2)
    #expect(outcome.graph.count(Dequantize.self) == 0)
    let scales = outcome.graph.vertices.compactMap {
      ($0.operation as? QuantizedConvolution)?.result
    }
    // Both parts of the list may be below 0, as one of them is.
    #expect(Set(scales).count == 1)
    #expect(scales.first?.elementType == .int8)
    let list8 = outcome.graph.vertices.first { $0.operation is Concatenate }
    #expect(list8?.types[0].elementType == .int8)
  }

  @Test func whatNeedsRealNumbersGetsThem() {
    let a = Self.image.convolved(with: Self.first).relu()
    let y = a.convolved(with: Self.second)
    let z = a.exp()
    let outcome = Self.run([y, z, a.mean(axes: [2, 3])])
    #expect(outcome.problems == [])
    #expect(outcome.error < 3e-2)
    #expect(outcome.graph.count(Dequantize.self) == 1)
    // What is a result itself stays real.
    let own = Self.run([a, y])
    #expect(own.graph.type(of: own.graph.outputs[0]).elementType == .float32)
    #expect(own.graph.count(Dequantize.self) == 0)
  }

  @Test func largeMatricesAreConvolutionsOfOnePixel() {
    let w = Self.state([300, 256], "linear")
    let outcome = Self.run([Self.leaf([3, 256], "rows").times(w, transposingRight: true)])
    #expect(outcome.problems == [])
    #expect(outcome.error < 2e-2)
    #expect(outcome.graph.count(QuantizedConvolution.self) == 1)
    let small = Self.state([10, 256], "small")
    let left = Self.run([Self.leaf([3, 256], "rows").times(small, transposingRight: true)])
    #expect(left.graph.count(MatrixProduct.self) == 1)
    #expect(left.error == 0)
  }

  @Test func filtersThatChangeStayWhatTheyAre() {
    let w = Self.leaf([4, 3, 3, 3], "data")
    let outcome = Self.run([Self.image.convolved(with: w)])
    #expect(outcome.error == 0)
    #expect(outcome.graph.count(QuantizedConvolution.self) == 0)
  }

  @Test func theChoiceDoesNotDependOnTheBatch() {
    let choices = [[1, 3, 9, 9], [6, 3, 20, 11]].map { (shape: Shape) in
      let x = Self.leaf(shape, "batch")
      let a = x.convolved(with: Self.first).relu().maxPooled(2)
      let y = a.convolved(with: Self.state([4, 4, 3, 3], "s"), padding: 1) + a
      let graph = Pass.fuseEpilogue.run(
        PassCheck.graph([y.relu().convolved(with: Self.second)]).graph)
      return QuantizationChoice(graph)
    }
    #expect(choices[0].products == choices[1].products)
    #expect(choices[0].values == choices[1].values)
    #expect(choices[0].values.count == 4)
  }

  @Test func chunksOfBytesMeanTheSame() {
    let x = Self.leaf([6, 3, 8, 8], "chunks")
    let a = x.convolved(with: Self.first, padding: 1).relu().maxPooled(2)
    let y = (a.convolved(with: Self.state([4, 4, 3, 3], "s"), padding: 1) + a).relu()
    let outcome = Self.run([y.convolved(with: Self.second)])
    let model = ChunkingModel(nearByteCount: 600, farByteCount: 600, stepCost: 0)
    let cut = Pass.chunkBatch(model).run(outcome.graph)
    #expect(Verifier.problems(of: cut) == [])
    #expect(
      cut.count(QuantizedConvolution.self) > outcome.graph.count(QuantizedConvolution.self))
    let values = PassCheck.graph([y.convolved(with: Self.second)]).values
    #expect(cut.interpreted(values) == outcome.graph.interpreted(values))
  }

  @Test func operandsThatDoNotFitAreRefused() {
    let scale = ByteScale(.uint8, step: 0.5)
    let geometry = ConvolutionGeometry(
      stride: [1, 1], dilation: [1, 1], low: [0, 0], high: [0, 0], groups: 1)
    func refusal(
      _ operation: QuantizedConvolution, _ types: TensorType...
    ) -> String? {
      do {
        _ = try operation.type(of: types)
        return nil
      } catch { return "\(error)" }
    }
    let x = TensorType([1, 4, 5, 5], .uint8)
    let w = TensorType([6, 4, 3, 3], .int8)
    let plain = QuantizedConvolution(geometry, image: scale, result: scale)
    #expect(refusal(plain, x, w, TensorType([6])) == nil)
    #expect(
      refusal(plain, x, w, TensorType([5]))
        == "quantized convolution: takes one step for each of 6 channels, got float32[5]")
    #expect(
      refusal(plain, x.with(.float32), w, TensorType([6]))
        == "quantized convolution: takes an image of uint8 and a filter of int8, got "
        + "float32[1, 4, 5, 5] and int8[6, 4, 3, 3]")
    let mixed = QuantizedConvolution(geometry, image: scale, residual: .real, result: scale)
    #expect(
      refusal(mixed, x, w, TensorType([6]), TensorType([1, 6, 3, 3]))?
        .contains("adds bytes to bytes and real numbers to real ones") == true)
    #expect(throws: ShapeError.self) {
      try Quantize(ByteScale(.uint8, step: 0)).type(of: [TensorType([2])])
    }
    #expect(throws: ShapeError.self) {
      try Quantize(ByteScale(.int32, step: 1)).type(of: [TensorType([2])])
    }
  }
}
