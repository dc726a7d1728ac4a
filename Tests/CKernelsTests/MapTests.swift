import CKernels
import Testing

extension KernelTests {
  @Suite struct MapTests {
    static func padMap(_ extent: Int, _ before: Int, _ after: Int, _ mode: fk_pad_mode) -> [Int64] {
      var map = [Int64](repeating: 0, count: extent + before + after)
      #expect(fk_pad_map(&map, Int64(extent), Int64(before), Int64(after), mode) == FK_OK)
      return map
    }

    @Test func padsAsWritten() {
      #expect(Self.padMap(3, 2, 2, FK_PAD_CONSTANT) == [-1, -1, 0, 1, 2, -1, -1])
      #expect(Self.padMap(3, 2, 2, FK_PAD_REPLICATE) == [0, 0, 0, 1, 2, 2, 2])
      #expect(Self.padMap(3, 2, 2, FK_PAD_REFLECT) == [2, 1, 0, 1, 2, 1, 0])
      #expect(Self.padMap(3, 2, 2, FK_PAD_SYMMETRIC) == [1, 0, 0, 1, 2, 2, 1])
      #expect(Self.padMap(3, 2, 2, FK_PAD_CIRCULAR) == [1, 2, 0, 1, 2, 0, 1])
      #expect(Self.padMap(1, 2, 1, FK_PAD_REFLECT) == [0, 0, 0, 0])
      #expect(Self.padMap(2, 5, 0, FK_PAD_REFLECT) == [1, 0, 1, 0, 1, 0, 1])
      #expect(Self.padMap(4, -1, -2, FK_PAD_REFLECT) == [1])
      var none: Int64 = 0
      #expect(fk_pad_map(&none, 0, 1, 0, FK_PAD_CIRCULAR) == FK_BAD_ARGUMENT)
      #expect(fk_pad_map(&none, 2, -3, 2, FK_PAD_CONSTANT) == FK_BAD_ARGUMENT)
    }

    @Test(arguments: 0..<UInt64(120))
    func copiesAndAccumulates(seed: UInt64) {
      var random = RandomSource(seed)
      let rank = random.int(0...5)
      let xExtents = (0..<rank).map { _ in random.int(1...9) }
      var maps: [[Int64]?] = xExtents.map { extent in
        random.int(0...2) == 0
          ? nil : (0..<random.int(1...14)).map { _ in Int64(random.int(-1...extent - 1)) }
      }
      if rank > 0 && seed % 3 == 0 {
        let mode = fk_pad_mode(UInt32(random.int(0...4)))
        maps[rank - 1] = Self.padMap(xExtents[rank - 1], 3, 12, mode)
      }
      let yExtents = zip(xExtents, maps).map { $1?.count ?? $0 }
      // Strides of x in any order.
      var strides = [Int](repeating: 0, count: rank)
      var size = 1
      let order =
        random.int(0...1) == 0 ? Array((0..<rank).reversed()) : (0..<rank).shuffled(using: &random)
      for axis in order {
        strides[axis] = size
        size *= xExtents[axis]
      }
      let type = [FK_F32, FK_BF16, FK_S8, FK_F64].randomElement(using: &random)!
      let values = (0..<size).map { _ in Double(random.int(-9...9)) }
      let yTotal = yExtents.reduce(1, *)
      let gradient = random.wholes(yTotal)
      var wanted = [Double](repeating: 5, count: yTotal)
      var sums = values.map { Float($0) }
      for (k, at) in positions(yExtents).enumerated() {
        let source = at.indices.map { axis in maps[axis].map { Int($0[at[axis]]) } ?? at[axis] }
        if source.contains(-1) { continue }
        wanted[k] = values[dot(source, strides)]
        sums[dot(source, strides)] += gradient[k]
      }
      let storage = maps.map { map in
        map.map { map in
          let copy = UnsafeMutablePointer<Int64>.allocate(capacity: map.count)
          copy.initialize(from: map, count: map.count)
          return copy
        }
      }
      defer { for memory in storage { memory?.deallocate() } }
      var shape = fk_map_shape()
      shape.type = type
      shape.rank = Int32(rank)
      yExtents.map(Int64.init).fill(&shape.y_extent)
      xExtents.map(Int64.init).fill(&shape.x_extent)
      strides.map(Int64.init).fill(&shape.x_stride)
      withUnsafeMutableBytes(of: &shape.map) { bytes in
        let slots = bytes.bindMemory(to: UnsafePointer<Int64>?.self)
        for axis in 0..<rank { slots[axis] = storage[axis].map { UnsafePointer($0) } }
      }
      for result in onSeveralThreads({
        var y = [UInt8](repeating: 0, count: yTotal * Int(fk_type_size(type)))
        #expect(fk_map_copy(&shape, &y, packed(values, type), packed([5], type)) == FK_OK)
        return unpacked(y, type)
      }) {
        #expect(result == wanted)
      }
      shape.type = FK_F32
      for result in onSeveralThreads({
        var x = values.map { Float($0) }
        #expect(fk_map_accumulate(&shape, &x, gradient) == FK_OK)
        return x
      }) {
        #expect(result == sums)
      }
    }

    @Test func refusesMapsThatPointOutside() {
      var shape = fk_map_shape()
      shape.type = FK_F32
      shape.rank = 1
      shape.y_extent.0 = 2
      shape.x_extent.0 = 2
      shape.x_stride.0 = 1
      var y: [Float] = [7, 7]
      let x: [Float] = [1, 2]
      var zero: Float = 0
      for bad in [[0, 2], [-2, 0]] as [[Int64]] {
        bad.withUnsafeBufferPointer { map in
          shape.map.0 = map.baseAddress
          #expect(fk_map_copy(&shape, &y, x, &zero) == FK_BAD_ARGUMENT)
        }
      }
      shape.map.0 = nil
      shape.y_extent.0 = 3
      #expect(fk_map_copy(&shape, &y, x, &zero) == FK_BAD_ARGUMENT)
      #expect(y == [7, 7])
    }
  }
}
