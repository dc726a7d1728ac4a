import CKernels
import Testing

extension KernelTests {
  @Suite struct IndexTests {
    static func shape(_ random: inout RandomSource, _ type: fk_type) -> fk_index_shape {
      var shape = fk_index_shape()
      shape.type = type
      shape.outer = Int64(random.int(1...5))
      shape.axis = Int64(random.int(1...20))
      shape.inner = Int64([1, 2, 7, 64, 65, 200].randomElement(using: &random)!)
      shape.count = Int64(random.int(0...30))
      shape.index_type = random.int(0...1) == 0 ? FK_S32 : FK_S64
      return shape
    }

    static func bytes(_ indices: [Int], _ type: fk_type) -> [UInt8] {
      packed(indices.map(Double.init), type)
    }

    @Test(arguments: 0..<UInt64(60))
    func gathers(seed: UInt64) {
      var random = RandomSource(seed)
      let type = allTypes.randomElement(using: &random)!
      var shape = Self.shape(&random, type)
      let (outer, axis) = (Int(shape.outer), Int(shape.axis))
      let (inner, count) = (Int(shape.inner), Int(shape.count))
      let size = Int(fk_type_size(type))
      let x = packed((0..<outer * axis * inner).map { _ in Double(random.int(0...99)) }, type)
      for each in [false, true] {
        let total = each ? outer * count * inner : count
        let indices = (0..<total).map { _ in random.int(0...axis - 1) }
        var wanted = [UInt8](repeating: 0, count: outer * count * inner * size)
        for at in positions([outer, count, inner]) {
          let to = (at[0] * count + at[1]) * inner + at[2]
          let index = indices[each ? to : at[1]]
          let from = (at[0] * axis + index) * inner + at[2]
          for byte in 0..<size { wanted[to * size + byte] = x[from * size + byte] }
        }
        var y = [UInt8](repeating: 0, count: wanted.count)
        let index = Self.bytes(indices, shape.index_type)
        let gather = each ? fk_gather_elements : fk_gather
        #expect(gather(&shape, &y, x, index) == -1)
        #expect(y == wanted)
      }
    }

    @Test(arguments: 0..<UInt64(60))
    func scatters(seed: UInt64) {
      var random = RandomSource(seed)
      var shape = Self.shape(&random, FK_F32)
      if seed == 0 { (shape.outer, shape.inner, shape.count) = (3, 1000, 500) }
      let (outer, axis) = (Int(shape.outer), Int(shape.axis))
      let (inner, count) = (Int(shape.inner), Int(shape.count))
      let start = random.wholes(outer * axis * inner)
      let y = random.wholes(outer * count * inner)
      for each in [false, true] {
        let total = each ? outer * count * inner : count
        let indices = (0..<total).map { _ in random.int(0...axis - 1) }
        var wanted = start
        for at in positions([outer, count, inner]) {
          let from = (at[0] * count + at[1]) * inner + at[2]
          wanted[(at[0] * axis + indices[each ? from : at[1]]) * inner + at[2]] += y[from]
        }
        let index = Self.bytes(indices, shape.index_type)
        let scatter = each ? fk_scatter_add_elements : fk_scatter_add
        for result in onSeveralThreads({
          var x = start
          #expect(scatter(&shape, &x, y, index) == -1)
          return x
        }) {
          #expect(result == wanted)
        }
      }
    }

    @Test func namesTheFirstBadIndex() {
      var shape = fk_index_shape(
        type: FK_F32, index_type: FK_S64, outer: 1, axis: 3, inner: 1, count: 4)
      let x: [Float] = [1, 2, 3]
      var y: [Float] = [0, 0, 0, 0]
      #expect(fk_gather(&shape, &y, x, [0, 2, 3, -1] as [Int64]) == 2)
      #expect(fk_gather(&shape, &y, x, [0, -1, 3, 1] as [Int64]) == 1)
      #expect(y == [0, 0, 0, 0])
      var sum: [Float] = [0, 0, 0]
      #expect(fk_scatter_add(&shape, &sum, [1, 1, 1, 1], [0, 1, 2, .max] as [Int64]) == 3)
      #expect(sum == [0, 0, 0])
      shape.index_type = FK_F32
      #expect(fk_gather(&shape, &y, x, [0, 0, 0, 0] as [Int64]) == Int64(FK_INDEX_BAD_ARGUMENT))
    }
  }
}
