import CKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct ReduceTests {
    static func naive(_ values: [Double], _ reduction: fk_reduction) -> Double {
      switch reduction {
      case FK_REDUCE_SUM: values.reduce(0, +)
      case FK_REDUCE_MEAN: values.reduce(0, +) / Double(values.count)
      case FK_REDUCE_SUM_OF_SQUARES: values.reduce(0) { $0 + $1 * $1 }
      case FK_REDUCE_PRODUCT: values.reduce(1, *)
      case FK_REDUCE_MAXIMUM: values.contains { $0.isNaN } ? .nan : values.max() ?? -.infinity
      case FK_REDUCE_MINIMUM: values.contains { $0.isNaN } ? .nan : values.min() ?? .infinity
      default: logSumExp(values)
      }
    }

    static func logSumExp(_ values: [Double]) -> Double {
      guard let top = values.max(), top.isFinite else {
        return values.contains { $0.isNaN } ? .nan : values.max() ?? -.infinity
      }
      return top + log(values.reduce(0) { $0 + exp($1 - top) })
    }

    static let all: [fk_reduction] = (0..<7).map { fk_reduction(UInt32($0)) }

    @Test(arguments: 0..<UInt64(200))
    func agreesWithNaive(seed: UInt64) {
      var random = RandomSource(seed)
      let rank = random.int(0...6)
      let sizes = [0, 1, 2, 3, 7, 16, 17, 31, 64, 65, 130, 1100, 9000]
      var extents: [Int] = []
      for _ in 0..<rank {
        let left = 30_000 / max(extents.reduce(1, *), 1)
        let allowed = sizes.filter { $0 <= left && ($0 > 0 || random.int(0...9) == 0) }
        extents.append(allowed.randomElement(using: &random)!)
      }
      let reduced = (0..<rank).map { _ in random.int(0...1) == 1 }
      var shape = fk_reduce_shape()
      shape.rank = Int32(rank)
      extents.map(Int64.init).fill(&shape.extent)
      var fromStrides = [Int](repeating: 0, count: rank)
      var toStrides = fromStrides
      var fromSize = 1
      var toSize = 1
      let order =
        random.int(0...1) == 0 ? Array((0..<rank).reversed()) : (0..<rank).shuffled(using: &random)
      for axis in order {
        fromStrides[axis] = fromSize
        fromSize *= max(extents[axis], 1)
      }
      for axis in (0..<rank).shuffled(using: &random) where !reduced[axis] {
        toStrides[axis] = toSize
        toSize *= max(extents[axis], 1)
      }
      for axis in 0..<rank where reduced[axis] { shape.reduced |= 1 << UInt32(axis) }
      fromStrides.map(Int64.init).fill(&shape.from_stride)
      toStrides.map(Int64.init).fill(&shape.to_stride)
      let type = [FK_F32, FK_F32, FK_BF16, FK_F16, FK_S8].randomElement(using: &random)!
      var values = (0..<fromSize).map { _ in Double(Float.random(in: -3...3, using: &random)) }
      if seed % 10 == 0 && type != FK_S8 { values[random.int(0...fromSize - 1)] = .nan }
      if seed % 10 == 1 && type != FK_S8 { values[random.int(0...fromSize - 1)] = -.infinity }
      let from = packed(values, type)
      let taken = unpacked(from, type)
      var groups: [Int: [Double]] = [:]
      for at in positions(zip(extents, reduced).map { $1 ? 1 : $0 }) {
        groups[dot(at, toStrides)] = []
      }
      for at in positions(extents) {
        groups[dot(at, toStrides), default: []].append(taken[dot(at, fromStrides)])
      }
      for reduction in Self.all {
        forEachVariant { _ in
          let results = onSeveralThreads {
            var to = [Float](repeating: 77, count: toSize)
            #expect(fk_reduce(&shape, reduction, &to, from, type) == FK_OK)
            return to
          }
          #expect(results.allSatisfy { $0.map(\.bitPattern) == results[0].map(\.bitPattern) })
          for (offset, group) in groups {
            let wanted = Self.naive(group, reduction)
            let got = Double(results[0][offset])
            let scale =
              reduction == FK_REDUCE_PRODUCT
              ? abs(wanted)
              : Self.naive(
                group.map { abs($0) },
                reduction == FK_REDUCE_MINIMUM ? FK_REDUCE_MAXIMUM : reduction)
            let close = abs(got - wanted) <= 3e-7 * scale + Double(Float.leastNonzeroMagnitude)
            #expect(
              close || got == wanted || (got.isNaN && wanted.isNaN)
                || Float(wanted) == results[0][offset],
              "reduction \(reduction.rawValue) of \(extents): \(got), not \(wanted)")
          }
        }
      }
    }

    @Test(arguments: [Float(0.1), 1, 3.3e-3])
    func longSumsStayAccurate(value: Float) {
      let n = 10_000_000
      let values = [Float](repeating: value, count: n)
      let wanted = Double(value) * Double(n)
      forEachVariant { _ in
        let sums = onSeveralThreads { fk_sum_to_scalar(values, Int64(n)) }
        #expect(abs(sums[0] - wanted) < 1e-6 * wanted)
        #expect(sums.allSatisfy { $0 == sums[0] })
        // The same as 10,000 rows of 1,000, into one sum and into columns.
        var shape = fk_reduce_shape()
        shape.rank = 2
        [10_000, 1_000].fill(&shape.extent)
        [1_000, 1].fill(&shape.from_stride)
        [1_000, 1].fill(&shape.to_stride)
        var columns = [Float](repeating: 0, count: 1_000)
        shape.reduced = 1
        #expect(fk_reduce(&shape, FK_REDUCE_SUM, &columns, values, FK_F32) == FK_OK)
        #expect(columns.allSatisfy { abs(Double($0) - wanted / 1_000) < 1e-6 * wanted / 1_000 })
      }
    }

    @Test func findsWhatIsNotFinite() {
      for n in [1, 100, 5_000, 100_000] {
        var x = [Float](repeating: .greatestFiniteMagnitude, count: n)
        #expect(fk_all_finite(x, FK_F32, Int64(n)) == 1)
        for bad in [Float.nan, .infinity, -.infinity] {
          x[n - 1] = bad
          #expect(fk_all_finite(x, FK_F32, Int64(n)) == 0)
          for type in [FK_F64, FK_BF16, FK_F16] {
            let bytes = packed(
              x.map { abs($0) > 1e30 ? ($0.isFinite ? 1 : Double($0)) : Double($0) }, type)
            #expect(fk_all_finite(bytes, type, Int64(n)) == 0)
            #expect(fk_all_finite(bytes, type, Int64(n - 1)) == 1)
          }
        }
      }
    }

    @Test func refusesBadShapes() {
      var shape = fk_reduce_shape()
      var x: Float = 1
      var y: Float = 2
      shape.rank = 7
      #expect(fk_reduce(&shape, FK_REDUCE_SUM, &y, &x, FK_F32) == FK_BAD_ARGUMENT)
      shape.rank = 1
      shape.extent.0 = 2
      shape.from_stride.0 = 1
      #expect(fk_reduce(&shape, FK_REDUCE_SUM, &y, &x, FK_F32) == FK_BAD_ARGUMENT)
      shape.reduced = 1
      #expect(fk_reduce(&shape, fk_reduction(7), &y, &x, FK_F32) == FK_BAD_ARGUMENT)
      #expect(fk_reduce(&shape, FK_REDUCE_SUM, nil, &x, FK_F32) == FK_BAD_ARGUMENT)
      #expect(y == 2)
    }
  }
}
