import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ProductTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    let fronts: [(Shape, Shape)] = [
      ([], []), ([2], [2]), ([2], []), ([], [2]), ([2], [1]), ([1], [2]), ([2, 1], [2]),
      ([2, 1], [1, 2]),
    ]
    for (left, right) in fronts {
      for (transposesLeft, transposesRight) in [
        (false, false), (true, false), (false, true), (true, true),
      ] {
        let x = Shape(left.extents + (transposesLeft ? [3, 2] : [2, 3]))
        let y = Shape(right.extents + (transposesRight ? [2, 3] : [3, 2]))
        let words = "\(x) \(y) \(transposesLeft) \(transposesRight)"
        let product = MatrixProduct(
          transposesLeft: transposesLeft, transposesRight: transposesRight)
        cases += [
          OperatorCase("matrix product \(words)", x, y) { try .recording(product, $0) },
          OperatorCase("times \(words)", x, y) {
            $0[0].times(
              $0[1], transposingLeft: transposesLeft, transposingRight: transposesRight)
          },
        ]
      }
    }
    for (left, right) in [
      ([3], [3]), ([3], [3, 2]), ([2, 3], [3]), ([2, 2, 3], [3]), ([3], [2, 3, 2]), ([1], [1, 1]),
    ] as [(Shape, Shape)] {
      cases.append(OperatorCase("times \(left) \(right)", left, right) { $0[0].times($0[1]) })
    }
    for (equation, shapes) in equations {
      cases.append(
        OperatorCase("einsum \(equation)", shapes) { [try Tensor.recordingEinsum(equation, $0)] })
    }
    return cases
  }()

  private static let equations: [(String, [Shape])] = [
    ("ij,jk->ik", [[2, 3], [3, 2]]), ("ij,kj->ik", [[2, 3], [4, 3]]), ("i,j->ij", [[3], [2]]),
    ("ij,ij->", [[2, 3], [2, 3]]), ("bij,bjk->bik", [[2, 2, 3], [2, 3, 2]]),
    ("bij,bjk->ikb", [[2, 2, 3], [2, 3, 2]]), ("ij,jk", [[2, 3], [3, 2]]),
    ("ijk->kji", [[2, 3, 2]]),
    ("ij->i", [[2, 3]]), ("ij->", [[2, 3]]), ("ii->i", [[3, 3]]), ("ii->", [[3, 3]]),
    ("iij->j", [[2, 2, 3]]),
    ("...ij,...jk->...ik", [[2, 1, 2, 3], [3, 3, 2]]), ("...i->...", [[2, 3]]),
    ("nchw,oc->nohw", [[1, 2, 2, 2], [3, 2]]), ("ij,jk,kl->il", [[2, 2], [2, 3], [3, 2]]),
    ("ba", [[2, 3]]), ("ij,k->i", [[2, 3], [2]]),
  ]

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.cases
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.cases) == [])
    #expect(Self.cases.count == 89)
  }

  @Test func goldens() throws {
    let report = try GoldenFamily("matmul").run([
      "matmul": { _, x in ["y": x["x"].times(x["other"])] },
      "linear": { _, x in
        let product = x["x"].times(x["weight"], transposingRight: true)
        return ["y": x.has("bias") ? product + x["bias"] : product]
      },
      "einsum": { test, x in
        let operands = x.has("other") ? [x["x"], x["other"]] : [x["x"]]
        return ["y": .einsum(try test.text("equation"), operands)]
      },
    ])
    #expect(report.failures == [])
    #expect(report.count == 31)
  }

  /// A weight that many rows share is multiplied once, and so is its gradient.
  @Test func rowsBecomeOneMatrix() {
    let x = Tensor(repeating: 1, shape: [2, 5, 3])
    let w = Tensor(repeating: 1, shape: [3, 4])
    let g = gradient(of: x.times(w).sum(), withRespectTo: w)
    let products = topologicalOrder(of: [g.node]).filter { $0.operation is MatrixProduct }
    #expect(products.map { $0.operands.map(\.shape) } == [[[10, 3], [10, 4]]])
  }

  static let refusals: [RefusalCase] = {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let n = Tensor(repeating: 1, shape: [3, 2], as: .int32)
    func refused(
      _ operands: [Tensor], _ reason: String, by product: MatrixProduct = MatrixProduct()
    ) -> RefusalCase {
      RefusalCase("matrix product", reason) { _ = try Tensor.recording(product, operands) }
    }
    func einsum(_ equation: String, _ operands: [Tensor], _ reason: String) -> RefusalCase {
      RefusalCase("einsum", reason) { _ = try Tensor.recordingEinsum(equation, operands) }
    }
    return [
      refused([x], "takes 2 operand(s), got 1"),
      refused([x, n], "takes floating-point numbers, got int32[3, 2]; cast it first"),
      refused(
        [x, n.cast(to: .float64)],
        "element types differ: float32[2, 3] and float64[3, 2]; cast one of them"),
      refused([x, x], "a row of [2, 3] has 3 elements, a column of [2, 3] has 2"),
      refused(
        [x, x],
        "a row of [2, 3], transposed, has 2 elements, a column of [2, 3], transposed, has 3",
        by: MatrixProduct(transposesLeft: true, transposesRight: true)),
      refused([Tensor(1), x], "the left matrix must have at least 2 axes, got []"),
      refused(
        [x, x.sum(axes: [0])], "the right matrix must have at least 2 axes, got [3]"),
      refused(
        [Tensor(repeating: 1, shape: [2, 2, 3]), Tensor(repeating: 1, shape: [3, 3, 2])],
        "the axes in front of the matrices of [2, 2, 3] and [3, 3, 2] do not broadcast: aligned "
          + "from the right, every pair of extents must be equal or contain a 1"),
      RefusalCase("matrix product", "takes matrices and vectors, got [] and [2, 3]") {
        _ = try Tensor(1).recordingProduct(x, MatrixProduct())
      },
      einsum("ij,jk->ik", [x], "“ij,jk->ik” speaks of 2 operand(s), got 1"),
      einsum("ijk->i", [x], "“ijk” names 3 axes, operand 1 has shape [2, 3]"),
      einsum("ij,ik->jk", [x, x.transposed()], "axis “i” has 2 elements and also 3"),
      einsum("ii->i", [x], "axis “i” has 2 elements and also 3"),
      einsum("ij->k", [x], "the result's axis “k” is in no operand"),
      einsum("ij->ii", [x], "the result names axis “i” twice"),
      einsum("i1->i", [x], "“i1->i” may hold letters, commas, “...” and one “->” only"),
      einsum("ij->i->j", [x], "“ij->i->j” may hold letters, commas, “...” and one “->” only"),
      einsum("i..j->ij", [x], "“i..j->ij” may hold letters, commas, “...” and one “->” only"),
      einsum("", [], "takes at least one operand, got none"),
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 19)
  }
}
