import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct IndexingRefusalTests {
  static let refusals: [RefusalCase] = {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
    let t = Tensor(repeating: 1, shape: [2, 3], as: .bool)
    let row = Tensor(repeating: 1, shape: [3], as: .int64)
    func refused(
      _ operation: some Operator, _ operands: [Tensor], _ reason: String
    ) -> RefusalCase {
      RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
    }
    let noAxis = "axis 2 does not exist in [2, 3], whose axes are 0 to 1"
    let kinds = "indices must be int32 or int64, got float32[2, 3]; cast them first"
    return [
      refused(Gather(axis: 0), [x], "takes 2 operand(s), got 1"),
      refused(Gather(axis: 0), [x, x], kinds),
      refused(Gather(axis: 2), [x, n], noAxis),
      refused(Gather(axis: 0), [x, row], "indices [3] and [2, 3] must have equally many axes"),
      refused(
        Gather(axis: 0), [x.transposed(), n], "indices [2, 3] reach beyond axis 1 of [3, 2]"),
      refused(ScatterAdd(axis: 0, into: [2, 3]), [x], "takes 2 operand(s), got 1"),
      refused(ScatterAdd(axis: 0, into: [2, 3]), [x, x], kinds),
      refused(ScatterAdd(axis: 2, into: [2, 3]), [x, n], noAxis),
      refused(
        ScatterAdd(axis: 0, into: [2, 3]), [t, n], "takes numbers, got bool[2, 3]; cast it first"),
      refused(
        ScatterAdd(axis: 0, into: [2, 3]), [x.sum(axes: [0]), n],
        "every number needs an index: got float32[3] and indices int32[2, 3]"),
      refused(
        ScatterAdd(axis: 0, into: [0, 3]), [x, n],
        "would give [0, 3]: axis 0 has 0 elements, at least 1 is needed"),
      refused(ScatterAssign(axis: 0), [x, x], "takes 3 operand(s), got 2"),
      refused(ScatterAssign(axis: 0), [x, x, x], kinds),
      refused(ScatterAssign(axis: 2), [x, x, n], noAxis),
      refused(
        ScatterAssign(axis: 0), [x, n, n],
        "element types differ: float32[2, 3] and int32[2, 3]; cast one of them"),
      refused(
        ScatterAssign(axis: 0), [x, x.sum(axes: [0]), n],
        "every number needs an index: got float32[3] and indices int32[2, 3]"),
      refused(Take(axis: 0), [x], "takes 2 operand(s), got 1"),
      refused(Take(axis: 0), [x, x], kinds),
      refused(Take(axis: 2), [x, n], noAxis),
      refused(
        Take(axis: 0), [Tensor(1), n], "axis 0 does not exist in [], which has none"),
      refused(TakeGradient(axis: 0, of: [2, 3]), [x, x], kinds),
      refused(TakeGradient(axis: 2, of: [2, 3]), [x, n], noAxis),
      refused(
        TakeGradient(axis: 0, of: [2, 3]), [x, row],
        "taking [3] parts along axis 0 of [2, 3] gives [3, 3], not [2, 3]"),
      refused(
        TakeGradient(axis: 0, of: [2, .max]), [x, row],
        "would give [2, 9223372036854775807]: axis 1 exceeds the largest extent, 2147483647"),
      refused(
        TakeGradient(axis: 0, of: [2, 3]), [t, row],
        "takes numbers, got bool[2, 3]; cast it first"),
      refused(Sort(axis: 2), [x], noAxis),
      refused(Sort(axis: 0), [], "takes 1 operand(s), got 0"),
      refused(Sort(axis: 0), [x, x], "takes 1 operand(s), got 2"),
      refused(
        Sort(axis: 1, count: 4), [x],
        "count must lie between 1 and the 3 elements of axis 1 of [2, 3], got 4"),
      refused(
        Sort(axis: 0, count: 0), [x],
        "count must lie between 1 and the 2 elements of axis 0 of [2, 3], got 0"),
      RefusalCase("one hot", "takes whole numbers, got float32[2, 3]; cast them first") {
        _ = try x.recordingOneHot(classes: 3, as: .float32)
      },
      RefusalCase("one hot", "takes whole numbers, got bool[2, 3]; cast them first") {
        _ = try t.recordingOneHot(classes: 3, as: .float32)
      },
      refused(Iota([3], .bool, axis: 0), [], "counts in numbers, not in bool"),
      refused(Iota([3], .int32, axis: 0), [x], "takes 0 operand(s), got 1"),
      refused(
        Iota([0], .int32, axis: 0), [],
        "would give [0]: axis 0 has 0 elements, at least 1 is needed"),
      refused(
        Iota([], .int32, axis: 0), [], "axis 0 does not exist in [], which has none"),
      refused(Fill(1, TensorType([3])), [x], "takes 0 operand(s), got 1"),
      refused(
        Fill(1, TensorType([-1])), [],
        "would give [-1]: axis 0 has -1 elements, at least 1 is needed"),
      refused(
        Fill(1, TensorType([1 << 31 - 1, 1 << 31 - 1])), [],
        "would give [2147483647, 2147483647]: more than the 70368744177664 elements of the largest "
          + "tensor"),
      refused(
        Fill(1, TensorType([1 << 31])), [],
        "would give [2147483648]: axis 0 exceeds the largest extent, 2147483647"),
      refused(Alias(), [], "takes 1 operand(s), got 0"),
      refused(StopGradient(), [x, x], "takes 1 operand(s), got 2"),
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 42)
  }

  @Test func hostileIntegers() {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
    let along: [(Int) -> (any Operator, [Tensor])] = [
      { (Gather(axis: $0), [x, n]) }, { (ScatterAdd(axis: $0, into: [2, 3]), [x, n]) },
      { (ScatterAssign(axis: $0), [x, x, n]) }, { (Take(axis: $0), [x, n]) },
      { (Sort(axis: $0), [x]) },
    ]
    for make in along {
      let tries = HostileIntegers.tries(usual: [0]) { arguments in
        let (operation, operands) = make(arguments[0])
        _ = try Tensor.recordingAll(operation, operands)
      }
      // Axes 0 and −1 exist.
      #expect(tries == (6, 4, []))
    }
    let counts = HostileIntegers.tries(usual: [1]) {
      _ = try Tensor.recordingAll(Sort(axis: 0, count: $0[0]), [x])
    }
    #expect(counts == (6, 6, []))
    let classes = HostileIntegers.tries(usual: [1]) {
      _ = try n.recordingOneHot(classes: $0[0], as: .float32)
    }
    // As many classes as an axis can have are not too many.
    #expect(classes == (6, 5, []))
  }
}
