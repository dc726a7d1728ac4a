import FoveaTensor

/// Which kernel is likely the fastest, without measuring: rules of thumb from the measurements of
/// `fovea bench operators`.
enum KernelTable {
  /// Raised whenever there is something new to choose from, so that it gets its chance against what
  /// was measured before.
  static let revision = 5

  /// - Parameter winograd: whether results may differ from the direct ones in the last places.
  static func kernel(for task: ConvolutionTask, winograd: Bool) -> ConvolutionKernel {
    if isForSmall(task) {
      return ConvolutionKernel(.small, SmallConvolution.arrangement(for: task))
    }
    if winograd, paysToTile(task) { return ConvolutionKernel(.tiles, .blocked) }
    if winograd, paysToTransform(task) { return ConvolutionKernel(.winograd, .any) }
    return ConvolutionKernel(.direct, arrangement(for: task))
  }

  /// Everything worth measuring, the likeliest first.
  static func candidates(for task: ConvolutionTask) -> [ConvolutionKernel] {
    var list = [kernel(for: task, winograd: true)]
    var others: [ConvolutionKernel] = []
    others.append(ConvolutionKernel(.tiles, .blocked))
    if canTransform(task) { others.append(ConvolutionKernel(.winograd, .any)) }
    others.append(ConvolutionKernel(.direct, arrangement(for: task)))
    others += [.any, .blocked, .kept].map { ConvolutionKernel(.direct, $0) }
    if opens(task) { others.append(ConvolutionKernel(.direct, .opening)) }
    if SmallConvolution.fits(task) {
      others.append(ConvolutionKernel(.small, SmallConvolution.arrangement(for: task)))
      others.append(ConvolutionKernel(.small, .plain))
    }
    for kernel in others where !list.contains(kernel) { list.append(kernel) }
    return list
  }

  /// A chain of layers stays in one layout: the one its tensors come in, if kernels like it. What
  /// comes row-major changes to blocks where channels fill them: all three passes have fast kernels
  /// for those, while the library's own favourites differ from pass to pass.
  static func arrangement(for task: ConvolutionTask) -> ConvolutionKernel.Arrangement {
    if case .engine(let descriptor)? = task.incoming {
      if !descriptor.innerBlocks.isEmpty { return .blocked }
      return descriptor.order.last == 1 ? .last : .any
    }
    if opens(task) { return .opening }
    return min(task.image[1], task.output[1]) >= Machine.channelBlock ? .blocked : .any
  }

  /// Whether so few channels meet that blocks of them would be mostly empty, in a batch that fills
  /// vectors, and nothing near is in blocks.
  private static func isForSmall(_ task: ConvolutionTask) -> Bool {
    guard task.image[1] <= 8, task.output[1] <= 16, !opens(task), SmallConvolution.fits(task) else {
      return false
    }
    guard let incoming = task.incoming, !incoming.isPlain else { return true }
    let operand = task.operands.first { $0.layout == incoming }
    return operand.flatMap { BlockFrame(incoming, $0.type.shape) } == .lanes(task.image.rank)
  }

  /// Whether pictures enter a network here.
  private static func opens(_ task: ConvolutionTask) -> Bool {
    task.pass != .image && task.geometry.groups == 1 && task.image[1] <= 4
      && task.output[1] >= Machine.channelBlock
  }

  /// Whether Winograd's algorithm F(4×4, 3×3) applies and its multiplications are what counts.
  static func canTransform(_ task: ConvolutionTask) -> Bool {
    let geometry = task.geometry
    return geometry.spatialRank == 2 && geometry.groups == 1 && task.elementType == .float32
      && task.filter.extents[2...].allSatisfy { $0 == 3 }
      && [geometry.stride, geometry.dilation].allSatisfy { $0.list == [1, 1] }
      && (geometry.low.list + geometry.high.list).allSatisfy { $0 <= 1 }
      && task.image[1] >= 16 && task.output[1] >= 16 && task.operationCount >= 2e7
  }

  /// Whether there are enough tiles for each transformed weight: with few, moving the weights, which
  /// are four times as many as before, costs more than the multiplications saved.
  private static func paysToTransform(_ task: ConvolutionTask) -> Bool {
    guard canTransform(task), Machine.channelBlock == 16 else { return false }
    let rows = (task.output[2] + 3) / 4
    let columns = (task.output[3] + 3) / 4
    let tiles = task.output[0] * rows * columns
    // What incomplete tiles at the border compute for nothing.
    let used = Double(task.output[2] * task.output[3]) / Double(rows * columns * 16)
    guard used >= 0.55 else { return false }
    if tiles >= 40 { return true }
    guard tiles >= 16 else { return false }
    let (inputs, outputs) = (task.image[1], task.output[1])
    return switch task.pass {
    // A constant filter is transformed beforehand.
    case .forward: task.isFilterConstant && min(inputs, outputs) >= 96
    case .image: false
    case .filter: inputs * outputs <= 52_000
    }
  }

  /// Whether the kernel of our own is likely the fastest: it is wherever tiles are filled, and there
  /// are more than a few for each transformed weight.
  private static func paysToTile(_ task: ConvolutionTask) -> Bool {
    let (inputs, outputs) =
      task.pass == .image ? (task.output[1], task.image[1]) : (task.image[1], task.output[1])
    guard Machine.channelBlock == 16, min(inputs, outputs) >= 16,
      TileConvolution(task, .blocked) != nil
    else { return false }
    let written = task.pass == .image ? task.image : task.output
    let tiles = written[0] * ((written[2] + 3) / 4) * ((written[3] + 3) / 4)
    // What incomplete tiles at the border compute for nothing.
    let used = Double(written[0] * written[2] * written[3]) / Double(tiles * 16)
    guard used >= 0.5 else { return false }
    // A filter that changes is transformed in every run.
    guard task.isFilterConstant else { return tiles >= 24 }
    return tiles >= 8 || (tiles >= 4 && outputs >= 64 && inputs * outputs <= 1 << 16)
  }
}
