import CKernels
import FoveaTensor

/// The loops that visit a layout's elements in the order of memory, as few as there can be.
struct PhysicalAxes {
  private(set) var extents: [Int]
  /// For each loop, which logical axis it advances and by how much.
  private let steps: [(axis: Int, by: Int)]
  private let logicalRank: Int

  init(_ layout: Layout, _ shape: Shape) {
    switch layout {
    case .plain:
      extents = shape.extents
      steps = shape.extents.indices.map { ($0, 1) }
      logicalRank = shape.rank
    case .engine(let descriptor):
      let blocks = descriptor.innerBlocks
      let padded = descriptor.paddedDims
      var perAxis = [Int](repeating: 1, count: descriptor.rank)
      for block in blocks { perAxis[block.axis] *= block.size }
      var extents: [Int] = []
      var steps: [(axis: Int, by: Int)] = []
      for axis in descriptor.order {
        extents.append(padded[axis] / perAxis[axis])
        steps.append((axis, perAxis[axis]))
      }
      var rest = perAxis
      for block in blocks {
        rest[block.axis] /= block.size
        extents.append(block.size)
        steps.append((block.axis, rest[block.axis]))
      }
      self.extents = extents
      self.steps = steps
      logicalRank = descriptor.rank
    }
    if extents.isEmpty { extents = [1] }
  }

  /// Whether loops over memory can say where narrower operands' elements are.
  static func canHold(
    _ descriptor: Descriptor, _ shape: Shape, broadcasting narrow: [Shape]
  ) -> Bool {
    guard descriptor.isDenseInBlocks else { return false }
    let (dims, padded) = (descriptor.dims, descriptor.paddedDims)
    for other in narrow where other.count > 1 {
      guard dims == shape.extents else { return false }
      let strides = Broadcast(other, to: shape).strides
      // Beyond the last real channel a narrow operand may be read one line too far, not more.
      for axis in dims.indices where padded[axis] != dims[axis] && strides[axis] > 1 {
        return false
      }
    }
    return true
  }

  /// Dense strides over memory.
  var ownStrides: [Int] { Shape(extents).strides }

  /// Strides over the loops for an operand whose elements lie `logical` apart along each axis.
  func strides(of logical: [Int]) -> [Int] {
    guard logical.count == logicalRank else {
      // Only one-element operands come here: they do not move at all.
      return extents.map { _ in 0 }
    }
    return steps.isEmpty ? [0] : steps.map { logical[$0.axis] * $0.by }
  }

  /// Fewer loops that visit the same elements, where every stride allows it.
  static func merged(_ extents: [Int], _ strides: [[Int]]) -> (extents: [Int], strides: [[Int]]) {
    var kept: [Int] = []
    var result = strides.map { _ in [Int]() }
    for axis in extents.indices where extents[axis] != 1 || extents.count == 1 {
      let last = kept.count - 1
      if last >= 0,
        strides.indices.allSatisfy({ result[$0][last] == strides[$0][axis] * extents[axis] })
      {
        kept[last] *= extents[axis]
        for operand in strides.indices { result[operand][last] = strides[operand][axis] }
      } else {
        kept.append(extents[axis])
        for operand in strides.indices { result[operand].append(strides[operand][axis]) }
      }
    }
    return kept.isEmpty ? ([1], strides.map { _ in [0] }) : (kept, result)
  }

  static func operand(_ type: ElementType, _ strides: [Int]) -> fk_chain_operand {
    var operand = fk_chain_operand()
    operand.type = fk_type(UInt32(type.rawValue))
    withUnsafeMutableBytes(of: &operand.stride) { bytes in
      let target = bytes.bindMemory(to: Int64.self)
      for (axis, stride) in strides.enumerated() { target[axis] = Int64(stride) }
    }
    return operand
  }
}
