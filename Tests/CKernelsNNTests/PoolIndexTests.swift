import CKernels
import Testing

extension KernelSuite {
  @Suite struct PoolIndex {
    @Test(arguments: 0..<24) func gatherScatterUnpool(seed: Int) {
      var numbers = Numbers(4000 + seed)
      let layout = Layout.random(&numbers, largest: 9, axes: 2)
      let out = numbers.integer(1...20)
      let small = layout.with(spatial: [1, 1, out])
      let index = (0..<small.count).map { _ in Int32(numbers.integer(-1...layout.positions - 1)) }
      let large = numbers.integers(layout.count, -9...9)
      let values = numbers.integers(small.count, -9...9)
      var gathered: [Float] = []
      var scattered = [Float](repeating: 0, count: layout.count)
      var unpooled = scattered
      for (i, position) in index.enumerated() {
        let at = i / out * layout.positions + Int(position)
        gathered.append(position < 0 ? 0 : large[at])
        guard position >= 0 else { continue }
        scattered[at] += values[i]
        unpooled[at] = values[i]
      }
      let places = small.packed(index, padding: -1)
      onEveryVariant {
        var a = [Float](repeating: 7, count: small.elements)
        var b = [Float](repeating: 7, count: layout.elements)
        var c = b
        let count = Int64(out)
        #expect(fk_pool_gather(layout.image, count, 0, layout.packed(large), places, &a) == -1)
        #expect(fk_pool_scatter(layout.image, count, small.packed(values), places, &b) == -1)
        #expect(fk_pool_unpool(layout.image, count, 0, small.packed(values), places, &c) == -1)
        var half = [UInt16](repeating: 7, count: layout.elements)
        let halves = small.packed(values).map(Half.bits)
        #expect(fk_pool_unpool(layout.image, count, 1, halves, places, &half) == -1)
        return [a, b, c, half.map(Half.value)]
      } check: { results, variant in
        #expect(small.unpacked(results[0]) == gathered, "\(variant)")
        #expect(layout.unpacked(results[1]) == scattered, "\(variant)")
        #expect(layout.unpacked(results[2]) == unpooled, "\(variant)")
        #expect(layout.unpacked(results[3]) == unpooled, "\(variant)")
      }
    }

    @Test func indicesOutsideAreRefused() {
      let layout = Layout(batch: 2, channels: 3, block: 1, spatial: [1, 2, 2])
      let values = [Float](repeating: 1, count: 12)
      for wrong: Int32 in [4, -2, .max, .min] {
        var index = [Int32](repeating: 3, count: 12)
        index[7] = wrong
        index[9] = wrong
        var large = [Float](repeating: 5, count: 24)
        #expect(fk_pool_unpool(layout.image, 2, 0, values, index, &large) == 7)
        #expect(fk_pool_scatter(layout.image, 2, values, index, &large) == 7)
        #expect(large == [Float](repeating: 5, count: 24))
        var small = values
        #expect(fk_pool_gather(layout.image, 2, 0, large, index, &small) == 7)
        #expect(small == values)
      }
    }
  }
}
