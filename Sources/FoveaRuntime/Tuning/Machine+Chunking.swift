import CKernels
import FoveaCompiler
import FoveaTensor

extension Machine {
  /// When layers are worth taking a few images at a time.
  static var chunkingModel: ChunkingModel {
    ChunkingModel(
      nearByteCount: Int(fk_cpu_level2_bytes()) * Int(fk_threads()),
      farByteCount: min(Int(fk_cpu_level3_bytes()), mostFarByteCount), leastImages: leastImages)
  }

  /// Of a larger cache, for other cores may share it.
  private static let mostFarByteCount = 16 << 20

  /// Kernels share out tiles and rows of pixels: with few of them, loading weights is what counts.
  private static func leastImages(_ graph: Graph, _ vertex: Graph.Vertex) -> Int {
    let geometry: ConvolutionGeometry
    switch vertex.operation {
    case is MatrixProduct: return .max
    case is QuantizedConvolution:
      // Their tiles are small, but for one pixel weights are all there is to load.
      return vertex.types[0].shape.extents[2...].allSatisfy { $0 == 1 } ? .max : 1
    case let plain as Convolution: geometry = plain.geometry
    case let fused as FusedConvolution: geometry = fused.geometry
    case is SeparableBlock:
      // A thread takes an image, and few pixels are not worth all the filters.
      let pixels = vertex.types[0].shape.extents[2...].reduce(1, *)
      return max(Int(fk_threads()), (196 + pixels - 1) / pixels)
    default: return 1
    }
    guard geometry.groups == 1 else { return 1 }
    let (filter, output) = (graph.type(of: vertex.operands[1]).shape, vertex.types[0].shape)
    let spatial = output.extents[2...]
    let isWide = filter.extents[2...].contains { $0 > 1 }
    // Of 4×4 pixels, as Winograd's algorithm takes them, or of one.
    let tiles = spatial.map { isWide ? ($0 + 3) / 4 : $0 }.reduce(1, *)
    let isTransformed = isWide && geometry.stride.list == [1, 1] && min(filter[0], filter[1]) >= 16
    // Four times as many weights as before: those that stay in no cache want more tiles each.
    let isFar = isTransformed && 36 * filter[0] * filter[1] * 4 > mostFarByteCount / 2
    let enough = isFar ? 128 : isWide ? 48 : 196
    return (enough + tiles - 1) / tiles
  }
}
