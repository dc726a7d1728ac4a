import CKernels
import Testing

extension KernelTests {
  @Suite struct AxisTests {
    static func shape(_ random: inout RandomSource) -> fk_axis_shape {
      fk_axis_shape(
        outer: Int64(random.int(1...4)),
        axis: Int64([1, 2, 5, 40, 49, 300, 2000].randomElement(using: &random)!),
        inner: Int64([1, 1, 3, 65].randomElement(using: &random)!))
    }

    static func rows(_ shape: fk_axis_shape) -> [[Int]] {
      positions([Int(shape.outer), Int(shape.inner)]).map { at in
        (0..<Int(shape.axis)).map { k in
          (at[0] * Int(shape.axis) + k) * Int(shape.inner) + at[1]
        }
      }
    }

    /// Few different values, so that there are equals; NaN and both zeros among them.
    static func values(_ count: Int, _ random: inout RandomSource) -> [Float] {
      let wild = random.int(0...2) == 0
      return (0..<count).map { _ in
        if wild && random.int(0...20) == 0 { return .nan }
        return random.int(0...3) == 0 ? -0.0 : Float(random.int(-20...20)) / 4
      }
    }

    /// NaN after everything, equals in order.
    static func precedes(_ x: Float, _ y: Float) -> Bool {
      y.isNaN ? !x.isNaN : x < y
    }

    @Test(arguments: 0..<UInt64(60))
    func argumentsOfExtrema(seed: UInt64) {
      var random = RandomSource(seed)
      var shape = Self.shape(&random)
      let rows = Self.rows(shape)
      let x = Self.values(rows.count * Int(shape.axis), &random)
      for result in onSeveralThreads({
        var largest = [Int64](repeating: -1, count: rows.count)
        var smallest = largest
        #expect(fk_argmax(&shape, &largest, x) == FK_OK)
        #expect(fk_argmin(&shape, &smallest, x) == FK_OK)
        return [largest, smallest]
      }) {
        for (k, row) in rows.enumerated() {
          let values = row.map { x[$0] }
          let nan = values.firstIndex { $0.isNaN }
          #expect(Int(result[0][k]) == nan ?? values.firstIndex(of: values.max()!)!)
          #expect(Int(result[1][k]) == nan ?? values.firstIndex(of: values.min()!)!)
        }
      }
    }

    @Test(arguments: 0..<UInt64(40))
    func cumulativeSums(seed: UInt64) {
      var random = RandomSource(seed)
      var shape = Self.shape(&random)
      let rows = Self.rows(shape)
      let x = random.wholes(rows.count * Int(shape.axis))
      for (reverse, exclusive) in [(0, 0), (0, 1), (1, 0), (1, 1)] as [(Int32, Int32)] {
        var y = [Float](repeating: 77, count: x.count)
        #expect(fk_cumulative_sum(&shape, &y, x, reverse, exclusive) == FK_OK)
        for row in rows {
          var sum: Float = 0
          for k in reverse == 1 ? row.reversed() : row {
            #expect(y[k] == (exclusive == 1 ? sum : sum + x[k]))
            sum += x[k]
          }
        }
      }
    }

    @Test(arguments: 0..<UInt64(60))
    func orders(seed: UInt64) {
      var random = RandomSource(seed)
      var shape = Self.shape(&random)
      let rows = Self.rows(shape)
      let x = Self.values(rows.count * Int(shape.axis), &random)
      let axis = Int(shape.axis)
      for k in [1, min(5, axis), axis] {
        for descending in [0, 1] as [Int32] {
          let results = onSeveralThreads {
            var values = [Float](repeating: 77, count: rows.count * k)
            var places = [Int64](repeating: -1, count: rows.count * k)
            #expect(fk_top(&shape, Int64(k), descending, &values, &places, x) == FK_OK)
            return (values, places)
          }
          for (values, places) in results {
            for (number, row) in rows.enumerated() {
              let order = (0..<axis).sorted { p, q in
                let (a, b) = (x[row[p]], x[row[q]])
                let first = descending == 1 ? Self.precedes(b, a) : Self.precedes(a, b)
                let second = descending == 1 ? Self.precedes(a, b) : Self.precedes(b, a)
                return first || (!second && p < q)
              }
              let inner = Int(shape.inner)
              for i in 0..<k {
                let to = (number / inner * k + i) * inner + number % inner
                #expect(Int(places[to]) == order[i])
                #expect(values[to].bitPattern == x[row[order[i]]].bitPattern)
              }
            }
          }
        }
      }
    }

    @Test func refuses() {
      var shape = fk_axis_shape(outer: 1, axis: 0, inner: 1)
      var place: Int64 = 7
      var x: Float = 0
      #expect(fk_argmax(&shape, &place, &x) == FK_BAD_ARGUMENT)
      #expect(fk_top(&shape, 1, 0, nil, &place, &x) == FK_BAD_ARGUMENT)
      shape.axis = -1
      #expect(fk_cumulative_sum(&shape, &x, nil, 0, 0) == FK_BAD_ARGUMENT)
      #expect(place == 7)
    }
  }
}
