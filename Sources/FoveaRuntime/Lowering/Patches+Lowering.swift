import CKernels
import FoveaCompiler
import FoveaTensor

extension Patches: Lowerable {
  /// The image with its padding, then one copy whose strides say where each tap of each window is.
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (image, output) = (vertex.operandTypes[0], vertex.types[0])
    let windows = try geometry.outputShape(name, image: image.shape)
    let rank = geometry.spatialRank
    var padded: [Int] = []
    for axis in 0..<rank {
      let reach =
        (windows[axis + 2] - 1) * geometry.stride[axis]
        + (geometry.kernel[axis] - 1) * geometry.dilation[axis] + 1
      padded.append(max(reach, geometry.low[axis] + image.shape[axis + 2]))
    }
    let planes = image.shape[0] * image.shape[1]
    // Padding that dwarfs both images is no case for a copy of it.
    guard let volume = Shape([planes] + padded).checkedCount,
      volume <= 2 * (image.shape.count + output.shape.count) + 1024
    else { return false }
    let size = image.elementType.size
    let x = try plan.plain(vertex.operands[0])
    let y = plan.allocate(vertex.result(0))
    let type = fk_type(UInt32(image.elementType.rawValue))
    let steps = Shape(padded).strides
    let area = Shape(padded).count

    var inset = CopyAxes()
    inset.add(planes, to: area, from: image.shape.count / planes)
    let own = Shape(Array(image.shape.extents[2...])).strides
    for axis in 0..<rank { inset.add(image.shape[axis + 2], to: steps[axis], from: own[axis]) }
    var taps = CopyAxes()
    let place = Shape([planes] + geometry.kernel.list + windows.extents[2...]).strides
    taps.add(planes, to: place[0], from: area)
    for axis in 0..<rank {
      taps.add(
        geometry.kernel[axis], to: place[axis + 1], from: geometry.dilation[axis] * steps[axis])
    }
    for axis in 0..<rank {
      taps.add(
        windows[axis + 2], to: place[axis + 1 + rank], from: geometry.stride[axis] * steps[axis])
    }
    let start = zip(geometry.low.list, steps).reduce(0) { $0 + $1.0 * $1.1 } * size
    let isPadded = padded != Array(image.shape.extents[2...])
    let scratch = isPadded ? plan.scratch(byteCount: volume * size) : nil
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    let (insetShape, tapShape) = (inset.shape, taps.shape)
    plan.emit(
      name, kernel: "copy", reads: [x], writes: [y], scratch: scratch, scope: vertex.scope
    ) { memory in
      var source = memory[from]
      var status = FK_OK
      if let scratch {
        let frame = memory[BufferPlace(buffer: scratch)]
        frame.initializeMemory(as: UInt8.self, repeating: 0, count: volume * size)
        status = withUnsafePointer(to: insetShape) {
          fk_copy($0, frame + start, type, source, type)
        }
        source = frame
      }
      precondition(status == FK_OK, "a copy into padding was refused")
      status = withUnsafePointer(to: tapShape) { fk_copy($0, memory[to], type, source, type) }
      precondition(status == FK_OK, "a copy of patches was refused")
    }
    return true
  }
}

/// The nest of a strided copy while it is put together.
private struct CopyAxes {
  private(set) var shape = fk_copy_shape()

  mutating func add(_ extent: Int, to: Int, from: Int) {
    let axis = Int(shape.rank)
    CopyAxes.set(&shape.extent, axis, extent)
    CopyAxes.set(&shape.to_stride, axis, to)
    CopyAxes.set(&shape.from_stride, axis, from)
    shape.rank += 1
  }

  private static func set<Numbers>(_ numbers: inout Numbers, _ axis: Int, _ value: Int) {
    withUnsafeMutableBytes(of: &numbers) { bytes in
      bytes.bindMemory(to: Int64.self)[axis] = Int64(value)
    }
  }
}
