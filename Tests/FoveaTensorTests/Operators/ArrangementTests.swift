import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ArrangementTests {
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
    for order in [
      [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [-1, 0, 1],
    ] {
      add("transpose \(order)", [[2, 3, 4]]) { $0[0].transposed(to: order) }
    }
    add("transpose 4", [[1, 2, 3, 2]]) { $0[0].transposed(to: [3, 1, 0, 2]) }
    add("exchange the last", [[2, 3, 2]]) { $0[0].transposed() }
    add("exchange 0 and 2", [[2, 3, 2]]) { $0[0].transposed(0, 2) }
    for (start, end, step) in [
      (nil, nil, 1), (1, nil, 1), (nil, 3, 1), (1, 5, 2), (0, 6, 3), (-2, nil, 1), (nil, -1, 2),
      (nil, nil, -1), (4, 1, -1), (5, 0, -2), (5, nil, -3), (-1, -4, -1), (2, 3, 1),
    ] as [(Int?, Int?, Int)] {
      let words = "\(start.map(String.init) ?? "")..<\(end.map(String.init) ?? "") by \(step)"
      add("slice \(words)", [[6]]) { $0[0].sliced(axis: 0, from: start, to: end, by: step) }
      add("slice \(words), inner", [[2, 6, 2]]) {
        $0[0].sliced(axis: -2, from: start, to: end, by: step)
      }
    }
    for axes in [[], [0], [1], [2], [0, 2], [0, 1, 2], [-1, -3]] as [[Int]] {
      add("reverse \(axes)", [[2, 3, 2]]) { $0[0].reversed(axes: axes) }
    }
    for axis in -3..<3 {
      var wide: Shape = [2, 3, 2]
      wide[axis] += 2
      add("concatenate \(axis)", [[2, 3, 2], wide, [2, 3, 2]]) { .concatenated($0, axis: axis) }
      add("stack \(axis)", [[2, 3], [2, 3]]) { .stacked($0, axis: axis) }
      add("split \(axis)", [[4, 4, 4]]) { x in
        let parts = x[0].split(sizes: [1, 2, 1], axis: axis)
        return parts[0] * parts[2] + parts[1]
      }
      add("halves \(axis)", [[2, 4, 6]]) { x in
        let parts = x[0].split(count: 2, axis: axis)
        return parts[0] * parts[1]
      }
      for shift in [1, -1, 2, 7, 0] {
        add("roll \(axis) by \(shift)", [[3, 2, 3]]) { $0[0].rolled(by: shift, axis: axis) }
      }
    }
    for counts in [[1, 1], [2, 1], [1, 3], [2, 3], [2, 1, 2]] {
      add("repeat \(counts)", [[2, 3]]) { $0[0].repeated(counts) }
    }
    for target: Shape in [[2, 3], [4, 2, 3], [1, 2, 3]] {
      add("expand \(target)", [[2, 1]]) { $0[0].expanded(to: target) }
    }
    for target: Shape in [[6], [3, 2], [1, 6, 1], [-1, 2]] {
      add("reshape \(target)", [[2, 3]]) { $0[0].reshaped(to: target) }
    }
    add("flatten", [[2, 3, 2]]) { $0[0].flattened() }
    add("unsqueeze", [[2, 3]]) { $0[0].unsqueezed(axis: -1) * $0[0].unsqueezed(axis: 1) }
    add("squeeze", [[2, 1, 3, 1]]) { $0[0].squeezed() + $0[0].squeezed(axis: 1).squeezed(axis: -1) }
    for diagonal in -2...3 {
      add("upper triangle \(diagonal)", [[2, 3]]) { $0[0].upperTriangle(diagonal: diagonal) }
      add("lower triangle \(diagonal)", [[2, 2, 3]]) { $0[0].lowerTriangle(diagonal: diagonal) }
    }
    for (factor, shape) in [(1, [1, 2, 2, 2]), (2, [1, 8, 2, 1]), (3, [1, 9, 1, 2])]
      as [(Int, Shape)]
    {
      add("pixel shuffle \(factor)", [shape]) { $0[0].pixelShuffled(by: factor) }
    }
    for (factor, shape) in [(1, [1, 2, 2, 2]), (2, [1, 2, 4, 2]), (3, [2, 1, 3, 6])]
      as [(Int, Shape)]
    {
      add("pixel unshuffle \(factor)", [shape]) { $0[0].pixelUnshuffled(by: factor) }
    }
    for groups in [1, 2, 3, 6] {
      add("channel shuffle \(groups)", [[2, 6, 2]]) { $0[0].channelsShuffled(groups: groups) }
    }
    return cases
  }()

  static let padding: [OperatorCase] = {
    var cases: [OperatorCase] = []
    let around: [(String, Surroundings)] = [
      ("0", .constant(0)), ("1.5", .constant(1.5)), ("reflection", .reflection),
      ("symmetry", .symmetry), ("edge", .edge), ("repetition", .repetition),
    ]
    for (name, surroundings) in around {
      for (shape, low, high) in [
        ([4], [1], [2]), ([4], [0], [3]), ([4], [3], [0]), ([2, 3], [1, 0], [0, 2]),
        ([2, 3], [1, 2], [1, 2]), ([1, 2, 3], [0, 1, 1], [0, 1, 2]), ([3, 2], [0, 0], [0, 0]),
      ] as [(Shape, [Int], [Int])] {
        cases.append(
          OperatorCase("pad \(name) \(shape) \(low) \(high)", shape) {
            let y = $0[0].padded(low: low, high: high, surroundings)
            return y * y
          })
      }
      cases.append(
        OperatorCase("pad \(name), image", [1, 1, 3, 3]) {
          let y = $0[0].padded(.sides(low: [0, 1], high: 2), surroundings)
          return y * y
        })
    }
    return cases
  }()

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.cases + Self.padding
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.cases) == [])
    #expect(try GradientCheck.failures(of: Self.padding) == [])
    #expect(Self.cases.count == 134)
    #expect(Self.padding.count == 48)
  }

  @Test func goldensOfPadding() throws {
    let report = try GoldenFamily("pad").run([
      "pad": { test, x in
        let (low, high) = (try test.integers("low"), try test.integers("high"))
        var image = x["x"]
        // Ours has no negative amounts: they are slices.
        for (axis, (before, behind)) in zip(low, high).enumerated() {
          let end = behind < 0 ? image.shape[axis + 2] + behind : nil
          image = image.sliced(axis: axis + 2, from: Swift.max(0, -before), to: end)
        }
        let surroundings: Surroundings =
          switch try test.text("mode") {
          case "constant": .constant(try test.number("value"))
          case "reflect": .reflection
          case "replicate": .edge
          default: .repetition
          }
        let padding = Padding.sides(
          low: Extents(low.map { Swift.max(0, $0) }), high: Extents(high.map { Swift.max(0, $0) }))
        return ["y": image.padded(padding, surroundings)]
      }
    ])
    #expect(report.failures == [])
    #expect(report.count == 37)
  }

  @Test func symmetryRepeatsTheEdge() {
    let x = Tensor([1, 2, 3], shape: [3])
    let y = Interpreter.evaluate([x.padded(low: [2], high: [3], .symmetry)])
    #expect(y[0].scalars == [2, 1, 1, 2, 3, 3, 2, 1])
  }

  @Test func goldens() throws {
    func along(
      _ record: @escaping @Sendable (GoldenInputs, Int) -> Tensor
    ) -> GoldenRecording {
      { test, x in ["y": record(x, try test.integer("axis"))] }
    }
    let report = try GoldenFamily("rearrangements").run([
      "pixel_shuffle": { test, x in ["y": x["x"].pixelShuffled(by: try test.integer("factor"))] },
      "pixel_unshuffle": { test, x in
        ["y": x["x"].pixelUnshuffled(by: try test.integer("factor"))]
      },
      "channel_shuffle": { test, x in
        ["y": x["x"].channelsShuffled(groups: try test.integer("groups"))]
      },
      "concatenate": along { .concatenated([$0["a"], $0["b"], $0["c"]], axis: $1) },
      "stack": along { .stacked([$0["a"], $0["b"]], axis: $1) },
      "flip": { test, x in ["y": x["x"].reversed(axes: try test.integers("axes"))] },
      "roll": { test, x in
        let shift = try test.integer("shift")
        return ["y": x["x"].rolled(by: shift, axis: try test.integer("axis"))]
      },
      "permute": { test, x in ["y": x["x"].transposed(to: try test.integers("order"))] },
      "expand": { test, x in ["y": x["x"].expanded(to: Shape(try test.integers("shape")))] },
      "repeat": { test, x in ["y": x["x"].repeated(try test.integers("counts"))] },
      "slice": { test, x in
        let (start, end) = (try test.integer("start"), try test.integer("end"))
        let (axis, step) = (try test.integer("axis"), try test.integer("step"))
        return ["y": x["x"].sliced(axis: axis, from: start, to: end, by: step)]
      },
      "triu": { test, x in ["y": x["x"].upperTriangle(diagonal: try test.integer("diagonal"))] },
      "tril": { test, x in ["y": x["x"].lowerTriangle(diagonal: try test.integer("diagonal"))] },
      "index_select": along { $0["x"].taking($0["indices"], axis: $1) },
      "gather": along { $0["x"].gathered(at: $0["indices"], axis: $1) },
      "embedding": { _, x in ["y": x["weight"].taking(x["indices"])] },
      "where": { _, x in
        ["y": (x["condition"] .!= 0.0).selecting(x["x"], otherwise: x["other"])]
      },
    ])
    #expect(report.failures == [])
    #expect(report.count == 36)
  }
}
