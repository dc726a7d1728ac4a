import CKernels
import Testing

extension KernelTests {
  @Suite struct CopyTests {
    struct Case {
      var extents: [Int]
      var to: [Int]
      var toOrigin: Int
      var toSize: Int
      var from: [Int]
      var fromOrigin: Int
      var fromSize: Int

      init(_ random: inout RandomSource) {
        let rank = random.int(0...8)
        let sizes = [1, 2, 3, 5, 8, 9, 16, 17, 40, 70, 300]
        extents = []
        for _ in 0..<rank {
          let left = 30_000 / extents.reduce(1, *)
          extents.append(sizes.filter { $0 <= left }.randomElement(using: &random)!)
        }
        (to, toOrigin, toSize) = Self.strides(extents, repeats: false, &random)
        (from, fromOrigin, fromSize) = Self.strides(extents, repeats: true, &random)
      }

      static func strides(_ extents: [Int], repeats: Bool, _ random: inout RandomSource)
        -> ([Int], Int, Int)
      {
        var strides = [Int](repeating: 0, count: extents.count)
        var size = 1
        var origin = 0
        let gaps = random.int(0...2) == 0
        for axis in extents.indices.shuffled(using: &random) {
          if repeats && random.int(0...6) == 0 { continue }
          let step = size + (gaps ? random.int(0...2) : 0)
          let reversed = random.int(0...5) == 0
          strides[axis] = reversed ? -step : step
          if reversed { origin += step * (extents[axis] - 1) }
          size += step * (extents[axis] - 1)
        }
        return (strides, origin, size)
      }

      var shape: fk_copy_shape {
        var shape = fk_copy_shape()
        shape.rank = Int32(extents.count)
        extents.map(Int64.init).fill(&shape.extent)
        to.map(Int64.init).fill(&shape.to_stride)
        from.map(Int64.init).fill(&shape.from_stride)
        return shape
      }
    }

    @Test(arguments: 0..<UInt64(300))
    func copiesAnyStrides(seed: UInt64) {
      var random = RandomSource(seed)
      let item = Case(&random)
      let toType = allTypes.randomElement(using: &random)!
      let fromType = random.int(0...2) > 0 ? toType : allTypes.randomElement(using: &random)!
      let values = (0..<item.fromSize).map { _ in Double(random.int(0...100)) }
      let from = packed(values, fromType)
      let before = packed([Double](repeating: 77, count: item.toSize), toType)
      var wanted = unpacked(before, toType)
      let taken = unpacked(from, fromType)
      for at in positions(item.extents) {
        let value = taken[item.fromOrigin + dot(at, item.from)]
        wanted[item.toOrigin + dot(at, item.to)] = toType == FK_BOOL && value != 0 ? 1 : value
      }
      let toSize = Int(fk_type_size(toType))
      let fromSize = Int(fk_type_size(fromType))
      forEachVariant { variant in
        var shape = item.shape
        let results = onSeveralThreads {
          var to = before
          let status = to.withUnsafeMutableBytes { to in
            from.withUnsafeBytes { from in
              fk_copy(
                &shape, to.baseAddress! + item.toOrigin * toSize, toType,
                from.baseAddress! + item.fromOrigin * fromSize, fromType)
            }
          }
          #expect(status == FK_OK)
          return unpacked(to, toType)
        }
        for result in results {
          #expect(result == wanted, "variant \(variant.rawValue), \(item.extents)")
        }
      }
    }

    @Test(arguments: allTypes.map(\.rawValue))
    func fills(type: UInt32) {
      let type = fk_type(type)
      let size = Int(fk_type_size(type))
      var to = packed([Double](repeating: 0, count: 60), type)
      var shape = fk_copy_shape()
      shape.rank = 2
      [3, 17].fill(&shape.extent)
      [20, 1].fill(&shape.to_stride)
      let element = packed([1], type)
      #expect(element.count == size)
      #expect(fk_fill(&shape, &to, type, element) == FK_OK)
      let got = unpacked(to, type)
      for k in 0..<60 {
        #expect(got[k] == (k % 20 < 17 ? 1 : 0))
      }
    }

    @Test func largeCopiesOnThreads() {
      var random = RandomSource(5)
      let (rows, columns) = (1003, 517)
      let from = random.floats(rows * columns, in: -1...1)
      var shape = fk_copy_shape()
      shape.rank = 2
      [Int64(columns), Int64(rows)].fill(&shape.extent)
      [Int64(rows), 1].fill(&shape.to_stride)
      [1, Int64(columns)].fill(&shape.from_stride)
      forEachVariant { _ in
        let results = onSeveralThreads {
          var to = [Float](repeating: 0, count: rows * columns)
          #expect(fk_copy(&shape, &to, FK_F32, from, FK_F32) == FK_OK)
          return to
        }
        for result in results {
          #expect(
            (0..<rows * columns).allSatisfy { k in
              result[k] == from[k % rows * columns + k / rows]
            })
        }
      }
    }

    @Test func refusesBadShapes() {
      var shape = fk_copy_shape()
      var x: Float = 1
      var y: Float = 2
      shape.rank = 9
      #expect(fk_copy(&shape, &x, FK_F32, &y, FK_F32) == FK_BAD_ARGUMENT)
      shape.rank = 1
      shape.extent.0 = -1
      #expect(fk_copy(&shape, &x, FK_F32, &y, FK_F32) == FK_BAD_ARGUMENT)
      shape.extent.0 = 2
      #expect(fk_copy(&shape, &x, FK_F32, &y, FK_F32) == FK_BAD_ARGUMENT)
      shape.to_stride.0 = 1
      #expect(fk_copy(&shape, &x, fk_type(9), &y, FK_F32) == FK_BAD_ARGUMENT)
      #expect(fk_copy(&shape, nil, FK_F32, &y, FK_F32) == FK_BAD_ARGUMENT)
      shape.extent.0 = 0
      #expect(fk_copy(&shape, nil, FK_F32, nil, FK_F32) == FK_OK)
      #expect(x == 1)
    }
  }
}
