import CKernels
import COneDNN
import FoveaCompiler
import FoveaTensor

/// A convolution by the kernels for few channels; what has pixels is row-major or in lanes.
struct SmallConvolution {
  private let conv: fk_conv
  private let pass: ConvolutionTask.Pass
  private let hasBias: Bool
  private let isRectified: Bool
  /// Bytes of memory beside the operands, for as many threads as there are now.
  let scratchByteCount: Int

  static let name = "small convolution"

  /// The most channels, kernel elements and pixels for which these kernels are worth a measurement.
  private static let most = (inputs: 16, outputs: 32, taps: 49, pixels: 1 << 16)

  /// Whether a task is of their kind, with a batch that fills most of a vector.
  static func fits(_ task: ConvolutionTask) -> Bool {
    let lanes = Int(fk_conv_lanes())
    let blocks = (task.image[0] + lanes - 1) / lanes
    return task.image[1] <= most.inputs && task.output[1] <= most.outputs
      && task.filter.extents[2...].reduce(1, *) <= most.taps
      && task.image.extents[2...].reduce(1, *) <= most.pixels
      && task.image[0] * 4 >= blocks * lanes * 3 && SmallConvolution(task, .plain) != nil
  }

  /// The better arrangement for a task that fits: lanes, if the batch fills them all.
  static func arrangement(for task: ConvolutionTask) -> ConvolutionKernel.Arrangement {
    task.image[0] % Int(fk_conv_lanes()) == 0 ? .lanes : .plain
  }

  /// `nil` for what they do not compute at all.
  init?(_ task: ConvolutionTask, _ arrangement: ConvolutionKernel.Arrangement) {
    let geometry = task.geometry
    guard arrangement == .plain || arrangement == .lanes, task.elementType == .float32,
      task.resultElementType == .float32,
      geometry.groups == 1, geometry.spatialRank <= 2,
      geometry.dilation.list.allSatisfy({ $0 == 1 }), !task.hasResidual,
      task.activation == .none || (task.activation == .relu && task.pass == .forward)
    else { return nil }
    /// Height and width; what has one spatial axis has a height of 1.
    func pair(_ list: [Int], _ missing: Int) -> (Int64, Int64) {
      list.count == 1 ? (Int64(missing), Int64(list[0])) : (Int64(list[0]), Int64(list[1]))
    }
    conv = fk_conv(
      batch: Int64(task.image[0]), in: Int64(task.image[1]), out: Int64(task.output[1]),
      size: pair(Array(task.image.extents[2...]), 1),
      out_size: pair(Array(task.output.extents[2...]), 1),
      kernel: pair(Array(task.filter.extents[2...]), 1), stride: pair(geometry.stride.list, 1),
      low: pair(geometry.low.list, 0),
      image_in_lanes: arrangement == .lanes && !task.imageComesPlain ? 1 : 0,
      output_in_lanes: arrangement == .lanes ? 1 : 0)
    pass = task.pass
    hasBias = task.hasBias
    isRectified = task.activation == .relu
    let scratch = withUnsafePointer(to: conv) { fk_conv_scratch($0, task.pass.kernel) }
    guard scratch >= 0 else { return nil }
    scratchByteCount = Int(scratch)
  }

  /// The layout of an argument.
  func descriptor(
    _ argument: odn_arg, of task: ConvolutionTask
  ) throws(OneDNNError) -> Descriptor {
    let type = task.type(of: argument)
    let isInLanes =
      switch argument {
      case ODN_ARG_SRC, ODN_ARG_DIFF_SRC: conv.image_in_lanes != 0
      case ODN_ARG_DST, ODN_ARG_DIFF_DST: conv.output_in_lanes != 0
      default: false
      }
    let frame = isInLanes ? BlockFrame.lanes(type.shape.rank) : BlockFrame(plain: type.shape.rank)
    return try frame.layout(type).descriptor(of: type)
  }

  /// Computes it, given the arguments in the order of `ConvolutionTask.boundArguments` and scratch
  /// memory behind them.
  func run(_ memory: (Int) -> UnsafeMutableRawPointer) {
    func floats(_ slot: Int) -> UnsafeMutablePointer<Float> {
      memory(slot).assumingMemoryBound(to: Float.self)
    }
    let bias = hasBias ? floats(2) : nil
    let result = floats(hasBias ? 3 : 2)
    let scratch = memory(hasBias ? 4 : 3)
    let byteCount = Int64(scratchByteCount)
    let status = withUnsafePointer(to: conv) { conv in
      switch pass {
      case .forward:
        fk_conv_forward(
          conv, floats(0), floats(1), bias, isRectified ? 1 : 0, result, scratch, byteCount)
      case .image:
        fk_conv_image_gradient(conv, floats(0), floats(1), result, scratch, byteCount)
      case .filter:
        fk_conv_filter_gradient(conv, floats(0), floats(1), result, bias, scratch, byteCount)
      }
    }
    precondition(status == FK_OK, "a convolution that was prepared was refused")
  }
}

/// The same with a slot for each argument, so that it can be timed.
final class SmallConvolutionCall: BoundCall {
  private let convolution: SmallConvolution
  private var slots: [UnsafeMutableRawPointer?]

  init(_ convolution: SmallConvolution, slotCount: Int) {
    self.convolution = convolution
    slots = .init(repeating: nil, count: slotCount)
  }

  func bind(_ slot: Int, _ memory: UnsafeMutableRawPointer) { slots[slot] = memory }

  func run() throws(OneDNNError) { convolution.run { slots[$0]! } }
}

extension ConvolutionTask {
  /// Whether the image is an operand that lies row-major, as pictures do that enter a network.
  fileprivate var imageComesPlain: Bool {
    operands.contains { $0.argument == ODN_ARG_SRC && ($0.layout ?? .plain) == .plain }
  }
}

extension ConvolutionTask.Pass {
  fileprivate var kernel: fk_conv_pass {
    switch self {
    case .forward: FK_CONV_FORWARD
    case .image: FK_CONV_IMAGE
    case .filter: FK_CONV_FILTER
    }
  }
}
