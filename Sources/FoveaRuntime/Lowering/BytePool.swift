import COneDNN
import FoveaCompiler
import FoveaTensor

extension PoolGeometry {
  /// Lowers maximum pooling of bytes whose places nobody asks for; `false` for any other.
  func lowerLargestBytes(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws -> Bool {
    let (image, windows) = (vertex.operandTypes[0], vertex.types[0])
    guard image.elementType == .int8 || image.elementType == .uint8,
      !plan.isRead(vertex.result(1)), let type = image.elementType.oneDNN
    else { return false }
    let source = try Descriptor.channelsLast(type, image.shape.extents)
    let target = try Descriptor.channelsLast(type, windows.shape.extents)
    func numbers(_ extents: Extents) -> [Int64] { extents.list.map(Int64.init) }
    // A last window that begins inside and ends outside of the image counts, too.
    let behind = (0..<spatialRank).map { axis in
      let end = (windows.shape[axis + 2] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1)
      return Int64(max(high[axis], end + 1 - image.shape[axis + 2] - low[axis]))
    }
    let pool = try? Primitive {
      odn_pooling_forward(
        ODN_POOLING_MAX, 0, source.pointer, target.pointer, numbers(kernel), numbers(stride),
        numbers(dilation), numbers(low), behind, nil, $0)
    }
    guard let pool else { return false }
    let x = try plan.value(vertex.operands[0], as: source)
    let y = plan.allocate(vertex.result(0), target)
    try plan.emit(
      name, pool, [(ODN_ARG_SRC, x)], [(ODN_ARG_DST, y)], scope: vertex.scope)
    return true
  }
}
