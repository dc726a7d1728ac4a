import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

/// Something to compute and compare, under words that say what it is.
struct LoweringCase {
  let words: String
  let tensors: [Tensor]

  init(_ words: String, _ tensors: Tensor...) {
    self.words = words
    self.tensors = tensors
  }
}

extension LoweringCase {
  /// Checks that every case is computed without its meaning, within a relative error.
  static func check(_ cases: [LoweringCase], count: Int, within tolerance: Double = 0) throws {
    #expect(cases.count == count)
    for one in cases {
      #expect(try FastPath.error(one.tensors) <= tolerance, "\(one.words)")
      #expect(try FastPath.fallbacks(one.tensors) == [], "\(one.words)")
    }
  }

  /// Whole numbers from −4 to 4.
  static func integers(_ shape: Shape, as elementType: ElementType = .float32) -> Tensor {
    var random = TestRandom(seed: "integers \(shape)")
    let numbers = (0..<shape.count).map { _ in Double(Int(random.next() % 9)) - 4 }
    return Tensor(numbers, shape: shape, as: elementType)
  }

  /// Whole numbers in the layout that convolutions like.
  static func blocked(_ shape: Shape) -> Tensor {
    let filter = integers(Shape([shape[1], 3] + shape.extents.dropFirst(2).map { _ in 1 }))
    return integers(Shape([shape[0], 3] + shape.extents.dropFirst(2))).convolved(with: filter)
  }
}

extension FastPath {
  /// The kernels of the plan's steps, in order.
  static func kernels(_ tensors: [Tensor]) throws -> [String] {
    let observer = StepObserver()
    _ = try Engine.run(results: tensors, observe: observer)
    return observer.entries.map(\.kernel)
  }

  /// How many steps only move a value into another layout.
  static func reorders(_ tensors: [Tensor]) throws -> Int {
    let observer = StepObserver()
    _ = try Engine.run(results: tensors, observe: observer)
    return observer.entries.filter { $0.name == "reorder" }.count
  }
}
