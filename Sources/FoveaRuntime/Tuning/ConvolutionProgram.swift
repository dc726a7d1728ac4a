import COneDNN
import FoveaTensor

/// What computes a convolution: a primitive of the library, or a kernel of our own.
enum ConvolutionProgram {
  case primitive(Primitive)
  case small(SmallConvolution)
  case tiles(TileConvolution)

  /// The name of the kernel.
  var implementation: String {
    switch self {
    case .primitive(let primitive): primitive.implementation
    case .small: SmallConvolution.name
    case .tiles: TileConvolution.name
    }
  }

  var isReference: Bool {
    if case .primitive(let primitive) = self { primitive.isReference } else { false }
  }

  /// The layout chosen for an argument.
  func descriptor(
    _ argument: odn_arg, of task: ConvolutionTask
  ) throws(OneDNNError) -> Descriptor {
    switch self {
    case .primitive(let primitive): return try primitive.descriptor(argument)
    case .small(let convolution): return try convolution.descriptor(argument, of: task)
    case .tiles(let convolution): return try convolution.descriptor(argument, of: task)
    }
  }

  /// The kernel with all its layouts: what two programs that are the same share.
  func identity(for task: ConvolutionTask) -> String {
    let layouts = task.boundArguments.compactMap { try? descriptor($0, of: task).description }
    return ([implementation] + layouts).joined(separator: " ")
  }

  /// The same to be timed.
  func runner(for task: ConvolutionTask) throws(OneDNNError) -> KernelTimer.Runner {
    switch self {
    case .primitive(let primitive):
      return try KernelTimer.Runner(primitive, task.boundArguments)
    case .small(let convolution):
      let sizes =
        task.boundArguments.map { task.type(of: $0).byteCount } + [convolution.scratchByteCount]
      return KernelTimer.Runner(
        SmallConvolutionCall(convolution, slotCount: sizes.count), sizes: sizes)
    case .tiles(let convolution):
      let call = TileConvolutionCall(
        convolution, slotCount: task.boundArguments.count + 2,
        isFilterConstant: task.isFilterConstant)
      var sizes: [Int] = []
      for argument in task.boundArguments {
        sizes.append(try convolution.descriptor(argument, of: task).byteCount)
      }
      return KernelTimer.Runner(
        call, sizes: sizes + [convolution.filterByteCount, convolution.scratchByteCount])
    }
  }
}

extension ConvolutionTask {
  /// What computes the task this way, or the reason why nothing does.
  func program(_ kernel: ConvolutionKernel) throws(OneDNNError) -> ConvolutionProgram {
    switch kernel.algorithm {
    case .direct, .winograd: return .primitive(try primitive(kernel))
    case .small:
      guard let convolution = SmallConvolution(self, kernel.arrangement) else { throw .notSmall }
      return .small(convolution)
    case .tiles:
      guard let convolution = TileConvolution(self, kernel.arrangement) else { throw .noTiles }
      return .tiles(convolution)
    }
  }
}
