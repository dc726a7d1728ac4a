import FoveaTensor

extension Reduction {
  /// The reduction of numbers that `Float` would lose digits of, as a plain loop.
  func lowerExactly(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    switch vertex.operandTypes[0].elementType {
    case .float64: try emit(Double.self, vertex, into: plan)
    case .int32: try emit(Int32.self, vertex, into: plan)
    case .int64: try emit(Int64.self, vertex, into: plan)
    default: return false
    }
    return true
  }

  private func emit<Number: ExactNumber>(
    _: Number.Type, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws {
    let wide = vertex.operandTypes[0].shape
    let kept = kept(wide)
    let loops = StridedLoops(
      wide.extents, [wide.strides, Broadcast(kept, to: wide).strides])
    let source = try plan.plain(vertex.operands[0])
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let isMean = function == .mean
    let share = Double(wide.count / kept.count)
    let (step, start): (Binary.Function, Double) =
      switch function {
      case .sum, .mean: (.add, 0)
      case .maximum: (.maximum, -.infinity)
      case .minimum: (.minimum, .infinity)
      case .product: (.multiply, 1)
      }
    plan.emit(
      name, kernel: ExactLowering.kernel, reads: [source], writes: [target], scope: vertex.scope
    ) { memory in
      let x = memory[from].assumingMemoryBound(to: Number.self)
      let y = memory[to].assumingMemoryBound(to: Number.self)
      var sums = [Number.Wide](repeating: Number.Wide.rounding(start), count: kept.count)
      let (forX, forY) = (loops.rowStride(0), loops.rowStride(1))
      loops.forEachRow { first in
        for index in 0..<loops.rowLength {
          let place = first[1] + index * forY
          sums[place] = sums[place].applying(step, x[first[0] + index * forX].wide)
        }
      }
      for (index, sum) in sums.enumerated() {
        y[index] = Number.nearest(isMean ? Number.Wide.rounding(sum.number / share) : sum)
      }
    }
  }
}
