import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct IndexingTests {
  private static func indices(
    _ numbers: [Double], _ shape: Shape, as elementType: ElementType = .int32
  ) -> Tensor {
    Tensor(numbers, shape: shape, as: elementType)
  }

  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    func add(_ name: String, _ shapes: [Shape], _ record: @escaping @Sendable ([Tensor]) -> Tensor)
    {
      cases.append(
        OperatorCase(name, shapes) { operands in
          let y = record(operands)
          return [y * y]
        })
    }
    for elementType in [ElementType.int32, .int64] {
      for (shape, axis, picks) in [
        ([4], 0, [2]), ([3, 3], 0, [2, 3]), ([3, 3], 1, [3, 2]), ([3, 2], 0, [5, 2]),
        ([3, 2, 3], 1, [2, 4, 3]), ([3, 2, 3], -1, [3, 2, 2]),
      ] as [(Shape, Int, Shape)] {
        let extent = shape[axis]
        let numbers = (0..<picks.count).map { Double(($0 * 7 + 3) % extent) }
        let places = indices(numbers, picks, as: elementType)
        add("gather \(shape) \(axis) \(elementType)", [shape]) {
          $0[0].gathered(at: places, axis: axis)
        }
        add("scatter add \(shape) \(axis) \(elementType)", [shape, picks]) {
          $0[0].adding($0[1], at: places, axis: axis)
        }
        add("scatter assign \(shape) \(axis) \(elementType)", [shape, picks]) {
          $0[0].replacing(at: places, axis: axis, with: $0[1])
        }
      }
      for (shape, axis, picks) in [
        ([4], 0, [3]), ([4], 0, []), ([3, 2], 0, [4]), ([3, 2], 1, [2, 2]), ([2, 3, 2], 1, [5]),
        ([2, 3, 2], -1, [1, 2]),
      ] as [(Shape, Int, Shape)] {
        let extent = shape[axis]
        let places = indices(
          (0..<picks.count).map { Double(($0 * 5 + 1) % extent) }, picks, as: elementType)
        add("take \(shape) \(axis) \(picks) \(elementType)", [shape]) {
          $0[0].taking(places, axis: axis)
        }
      }
    }
    for axis in -3..<3 {
      for descending in [false, true] {
        add("sort \(axis) \(descending)", [[3, 2, 3]]) {
          $0[0].sorted(axis: axis, descending: descending).values
        }
        add("top \(axis) \(descending)", [[3, 3, 4]]) {
          $0[0].top(2, axis: axis, largest: descending).values
        }
      }
    }
    return cases
  }()

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.cases
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.cases) == [])
    #expect(Self.cases.count == 72)
  }

  /// What points outside gives no number, and takes no gradient, at both orders.
  @Test func outside() {
    let x = Tensor([1, 2, 3], shape: [3], as: .float64)
    let places = Self.indices([-1, 1, 3, 2_147_483_647], [4])
    let gathered = x.gathered(at: places, axis: 0)
    let taken = x.taking(places)
    let added = x.adding(gathered, at: places, axis: 0)
    let whole = Tensor([5, 6], shape: [2], as: .int32)
    let replaced = x.replacing(
      at: places, axis: 0, with: Tensor([7, 8, 9, 10], shape: [4], as: .float64))
    let values = Interpreter.evaluate([
      gathered, taken, added, whole.taking(places), replaced,
      gradient(of: gathered.sum(), withRespectTo: x),
      gradient(of: taken.sum(), withRespectTo: x),
    ]).map(\.scalars)
    for found in values[..<2] {
      #expect(found.map(\.isNaN) == [true, false, true, true])
      #expect(found[1] == 2)
    }
    #expect(values[2] == [1, 4, 3])
    #expect(values[3] == [0, 6, 0, 0])
    #expect(values[4] == [1, 8, 3])
    #expect(values[5] == [0, 1, 0])
    #expect(values[6] == [0, 1, 0])
  }

  @Test func theLastOfSeveralAssignmentsStays() {
    let x = Tensor([1, 2, 3], shape: [3], as: .float64)
    let updates = Tensor([4, 5, 6, 7], shape: [4], as: .float64)
    let places = Self.indices([2, 0, 2, 9], [4])
    let y = x.replacing(at: places, axis: 0, with: updates)
    let weights = Tensor([1, 10, 100], shape: [3], as: .float64)
    let values = Interpreter.evaluate(
      [y] + gradients(of: (y * weights).sum(), withRespectTo: [x, updates]))
    #expect(values.map(\.scalars) == [[5, 2, 6], [0, 10, 0], [0, 1, 100, 0]])
  }

  @Test func sortingIsStableAndPutsNoNumbersLast() {
    let x = Tensor([2, .nan, 1, 2, .infinity, 1, .nan, -0.0, 0], shape: [9], as: .float64)
    let up = x.sorted()
    let down = x.sorted(descending: true)
    let values = Interpreter.evaluate([up.indices, down.indices, up.values, x.top(3).indices])
    #expect(values[0].scalars == [7, 8, 2, 5, 0, 3, 4, 1, 6])
    #expect(values[1].scalars == [1, 6, 4, 0, 3, 2, 5, 7, 8])
    #expect(Array(values[2].scalars[..<7]) == [-0.0, 0, 1, 1, 2, 2, .infinity])
    #expect(values[0].type.elementType == .int32)
    #expect(values[3].scalars == [1, 6, 4])
  }

  @Test func oneHot() {
    let labels = Tensor([2, 0, 5, -1], shape: [2, 2], as: .int32)
    let y = Interpreter.evaluate([labels.oneHot(classes: 3)])[0]
    #expect(y.type == TensorType([2, 2, 3], .float32))
    #expect(y.scalars == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    let counted = Interpreter.evaluate([Tensor(counting: 4)])[0]
    #expect(counted == HostArray(TensorType([4], .int32), [0, 1, 2, 3]))
  }
}
