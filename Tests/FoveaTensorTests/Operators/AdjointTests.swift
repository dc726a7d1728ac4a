import FoveaTensor
import FoveaTestSupport
import Testing

/// Identities of linear operators, exact with small whole numbers.
@Suite struct AdjointTests {
  /// A linear operator with its operand's shape; weights are whole or powers of two.
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let shape: Shape
    let record: @Sendable (Tensor) -> Tensor

    init(_ description: String, _ shape: Shape, _ record: @escaping @Sendable (Tensor) -> Tensor) {
      self.description = description
      self.shape = shape
      self.record = record
    }
  }

  static func whole(_ shape: Shape, _ seed: String) -> Tensor {
    var random = TestRandom(seed: seed)
    let scalars = (0..<shape.count).map { _ in Double(Int.random(in: -4...4, using: &random)) }
    return Tensor(scalars, shape: shape, as: .float64)
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for stride in 1...3 {
      for dilation in 1...2 {
        for padding in [.valid, 1, .same, .sides(low: 0, high: 2)] as [Padding] {
          let words = "stride \(stride), dilation \(dilation), \(padding)"
          let (stride, dilation) = (Extents(stride), Extents(dilation))
          for (image, filter, groups) in [
            ([2, 4, 9], [6, 2, 3], 2), ([2, 3, 7, 6], [4, 3, 3, 2], 1),
            ([1, 2, 4, 5, 4], [2, 1, 2, 2, 2], 2),
          ] as [(Shape, Shape, Int)] {
            cases.append(
              Case("convolution of \(image), \(words)", image) {
                $0.convolved(
                  with: whole(filter, "filter"), stride: stride, padding: padding,
                  dilation: dilation, groups: groups)
              })
            cases.append(
              Case("convolution with \(filter), \(words)", filter) {
                whole(image, "image").convolved(
                  with: $0, stride: stride, padding: padding, dilation: dilation, groups: groups)
              })
          }
          cases.append(
            Case("patches, \(words)", [2, 3, 7, 6]) {
              $0.patches([3, 2], stride: stride, padding: padding, dilation: dilation)
            })
          cases.append(
            Case("average pool, \(words)", [2, 3, 7, 6]) {
              $0.averagePooled(
                [4, 2], stride: stride, padding: padding, divisor: 8)
            })
          cases.append(
            Case("average pool that counts padding, \(words)", [2, 3, 8, 6]) {
              $0.averagePooled([4, 2], stride: stride, padding: padding)
            })
        }
      }
      cases.append(
        Case("transposed convolution, stride \(stride)", [2, 4, 3, 4]) {
          $0.convolvedTransposed(
            with: whole([4, 3, 3, 2], "filter"), stride: Extents(stride), padding: [1, 0])
        })
    }
    for method in [.nearest, .nearestExact, .linear, .cubic()] as [ResizeMethod] {
      for coordinates in ResizeCoordinates.allCases where coordinates != .alignCorners {
        for (image, output) in [
          ([2, 3, 4], 8), ([1, 2, 3, 2], 12), ([1, 2, 8, 8], [4, 2]), ([1, 1, 2, 4, 2], 4),
        ] as [(Shape, Extents)] {
          if image == [1, 2, 3, 2] { continue }
          cases.append(
            Case("\(method), \(coordinates), \(image) to \(output)", image) {
              $0.resized(to: output, method, coordinates: coordinates)
            })
        }
      }
    }
    for kernel in 1...3 {
      for overlapping in [false, true] {
        let pool: @Sendable () -> (values: Tensor, indices: Tensor) = {
          whole([2, 3, 6, 6], "pooled").maxPooledWithIndices(
            Extents(kernel), stride: overlapping ? 1 : nil)
        }
        for collisions in [.add, .keepLast] as [PoolCollisions] {
          let words = "kernel \(kernel), overlapping \(overlapping), \(collisions)"
          cases.append(
            Case("scatter, \(words)", pool().values.shape) {
              .record(PoolScatter(image: [2, 3, 6, 6], collisions: collisions), $0, pool().indices)
            })
          cases.append(
            Case("gather, \(words)", [2, 3, 6, 6]) {
              .record(PoolGather(collisions: collisions), $0, pool().indices)
            })
        }
      }
    }
    return cases
  }()

  @Test func countsItsCases() { #expect(Self.cases.count == 267) }

  /// `⟨A x, y⟩ = ⟨x, Aᵀ y⟩`
  @Test(arguments: cases) func adjoint(_ test: Case) throws {
    let x = Self.whole(test.shape, "x" + test.description)
    let ax = test.record(x)
    let y = Self.whole(ax.shape, "y" + test.description)
    let aty = try #require(try pullback(of: [ax], cotangents: [y], to: [x])[0])
    let values = Interpreter.evaluate([(ax * y).sum(), (x * aty).sum(), ax.absolute().sum()])
    #expect(values[0].scalars == values[1].scalars)
    #expect(values[2].scalars[0] > 0)
  }

  /// `A (2 x − 3 y) = 2 A x − 3 A y`
  @Test(arguments: cases) func linear(_ test: Case) {
    let x = Self.whole(test.shape, "x" + test.description)
    let y = Self.whole(test.shape, "z" + test.description)
    let values = Interpreter.evaluate([
      test.record(x * 2 - y * 3), test.record(x) * 2 - test.record(y) * 3,
    ])
    #expect(values[0].scalars == values[1].scalars)
  }
}
