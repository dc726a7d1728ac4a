import COneDNN
import FoveaCompiler
import FoveaTensor

/// A convolution to be computed, with everything its speed depends on.
struct ConvolutionTask {
  enum Pass: String, CaseIterable {
    case forward
    /// The gradient for the image.
    case image
    /// The gradient for the filter.
    case filter
  }

  /// An operand as it comes.
  struct Operand {
    let argument: odn_arg
    let type: TensorType
    /// `nil` when it takes the layout it is asked for.
    var layout: Layout?
    /// Whether it is converted once and not in every run.
    var isConstant = false
  }

  let pass: Pass
  let geometry: ConvolutionGeometry
  /// Of what is multiplied.
  let elementType: ElementType
  /// Of the sums.
  let resultElementType: ElementType
  let image: Shape
  let filter: Shape
  let output: Shape
  /// Whether a forward pass adds a bias, or the filter's gradient comes with the bias's.
  var hasBias = false
  /// What follows a forward pass.
  var hasResidual = false
  var activation = Activation.none
  /// Whether some other step reads the result, and would like it in a layout it knows.
  var isResultRead = true
  /// In the order of the operator's operands; bias and residual are not among them.
  var operands: [Operand] = []

  private let problem: ConvolutionProblem

  /// `nil` for kinds of numbers oneDNN does not convolve.
  init?(
    _ pass: Pass, _ geometry: ConvolutionGeometry, _ elementType: ElementType,
    result: ElementType? = nil, image: Shape, filter: Shape, output: Shape
  ) {
    let resultElementType = result ?? elementType
    guard let problem = ConvolutionProblem(geometry, elementType, result: resultElementType) else {
      return nil
    }
    self.resultElementType = resultElementType
    self.problem = problem
    self.pass = pass
    self.geometry = geometry
    self.elementType = elementType
    self.image = image
    self.filter = filter
    self.output = output
    operands = arguments.map { Operand(argument: $0, type: type(of: $0)) }
  }

  /// What the pass reads, in the order of the operator's operands.
  private var arguments: [odn_arg] {
    switch pass {
    case .forward: [ODN_ARG_SRC, ODN_ARG_WEIGHTS]
    case .image: [ODN_ARG_DIFF_DST, ODN_ARG_WEIGHTS]
    case .filter: [ODN_ARG_SRC, ODN_ARG_DIFF_DST]
    }
  }

  /// What the pass writes.
  var result: odn_arg {
    switch pass {
    case .forward: ODN_ARG_DST
    case .image: ODN_ARG_DIFF_SRC
    case .filter: ODN_ARG_DIFF_WEIGHTS
    }
  }

  func type(of argument: odn_arg) -> TensorType {
    let elementType = argument == result ? resultElementType : elementType
    return switch argument {
    case ODN_ARG_SRC, ODN_ARG_DIFF_SRC: TensorType(image, elementType)
    case ODN_ARG_DST, ODN_ARG_DIFF_DST: TensorType(output, elementType)
    case ODN_ARG_BIAS, ODN_ARG_DIFF_BIAS: TensorType([output[1]], .float32)
    default: TensorType(filter, elementType)
    }
  }

  /// The bias a forward pass reads, or its gradient that comes with the filter's.
  var bias: odn_arg { pass == .filter ? ODN_ARG_DIFF_BIAS : ODN_ARG_BIAS }

  var resultType: TensorType { type(of: result) }

  /// Multiplications and additions of the direct algorithm.
  var operationCount: Double {
    2 * Double(output.count) * Double(filter.extents[1...].reduce(1, *))
  }
}

extension ConvolutionTask {
  /// Takes the operands' layouts from a plan.
  mutating func read(_ values: [Graph.Value], in plan: PlanBuilder) {
    for (index, value) in values.prefix(operands.count).enumerated() {
      operands[index].layout = plan.layout(of: value)
      operands[index].isConstant = plan.isConstant(value)
    }
  }

  /// Whether `argument` has pixels, and is not the filter.
  static func hasPixels(_ argument: odn_arg) -> Bool {
    argument != ODN_ARG_WEIGHTS && argument != ODN_ARG_DIFF_WEIGHTS
  }

  /// Whether the filter stays what it is from run to run, so that it may be transformed beforehand.
  var isFilterConstant: Bool {
    operands.contains { $0.argument == ODN_ARG_WEIGHTS && $0.isConstant }
  }

  /// The layout the tensors with pixels come in: that of the first whose layout is settled.
  var incoming: Layout? {
    operands.lazy.filter { ConvolutionTask.hasPixels($0.argument) }.compactMap(\.layout).first
  }

  /// Everything above in one line, the key measurements are kept under.
  var key: String {
    func list(_ extents: Extents) -> String { extents.list.map(String.init).joined(separator: ",") }
    func dims(_ shape: Shape) -> String { shape.extents.map(String.init).joined(separator: "x") }
    var words = [
      pass.rawValue, "\(elementType)", dims(image), dims(filter), "stride", list(geometry.stride),
      "dilation", list(geometry.dilation), "low", list(geometry.low), "high", list(geometry.high),
      "groups", "\(geometry.groups)",
    ]
    if hasBias { words.append("bias") }
    if hasResidual { words.append("residual") }
    if activation != .none {
      words.append("\(activation)".split { !$0.isLetter }.first.map(String.init) ?? "")
    }
    if !isResultRead { words.append("last") }
    if resultElementType != elementType { words += ["to", "\(resultElementType)"] }
    words.append("from")
    for operand in operands {
      let layout = operand.layout.map(\.tag) ?? "free"
      words.append(operand.isConstant ? layout + "*" : layout)
    }
    return words.joined(separator: " ")
  }
}

extension ConvolutionTask {
  /// The primitive that computes it this way, or the reason why there is none.
  func primitive(_ kernel: ConvolutionKernel) throws(OneDNNError) -> Primitive {
    let primitive = try build(kernel)
    // Only the library can write such a layout, and nothing can read it back.
    for argument in boundArguments where argument != ODN_ARG_WEIGHTS || !isFilterConstant {
      guard try primitive.descriptor(argument).kind != ODN_LAYOUT_OPAQUE else {
        throw .opaqueLayout(kernel)
      }
    }
    return primitive
  }

  private func build(_ kernel: ConvolutionKernel) throws(OneDNNError) -> Primitive {
    let layouts = try layouts(kernel.arrangement)
    let algorithm = kernel.algorithm.oneDNN
    switch pass {
    case .forward:
      return try problem.forward(
        image: image, filter: filter, output: output, layouts: layouts, bias: hasBias,
        attributes: try attributes(), isTraining: !isFilterConstant, algorithm: algorithm)
    case .image:
      return try problem.backwardImage(
        image: image, filter: filter, output: output, layouts: layouts, algorithm: algorithm)
    case .filter:
      return try problem.backwardFilter(
        image: image, filter: filter, output: output, layouts: layouts, bias: hasBias,
        algorithm: algorithm)
    }
  }

  private func attributes() throws(OneDNNError) -> PrimitiveAttributes? {
    guard hasResidual || activation != .none else { return nil }
    let attributes = try PrimitiveAttributes()
    // The residual is what the result's memory holds before.
    if hasResidual { try attributes.addSum() }
    try activation.append(to: attributes)
    return attributes
  }

  private func layouts(
    _ arrangement: ConvolutionKernel.Arrangement
  ) throws(OneDNNError) -> ConvolutionProblem.Layouts {
    switch arrangement {
    case .any: return ConvolutionProblem.Layouts()
    case .kept:
      return ConvolutionProblem.Layouts(
        image: try descriptor(ODN_ARG_SRC), output: try descriptor(ODN_ARG_DIFF_DST))
    case .blocked:
      return ConvolutionProblem.Layouts(
        image: try blocked(imageType), output: try blocked(outputType))
    case .plain:
      return ConvolutionProblem.Layouts(
        image: try .plain(imageType.elementType.oneDNN!, image.extents),
        output: try .plain(outputType.elementType.oneDNN!, output.extents))
    case .last:
      return ConvolutionProblem.Layouts(
        image: try .channelsLast(imageType.elementType.oneDNN!, image.extents),
        output: try .channelsLast(outputType.elementType.oneDNN!, output.extents))
    case .lanes: throw .notSmall
    case .opening:
      return ConvolutionProblem.Layouts(
        image: try .plain(imageType.elementType.oneDNN!, image.extents),
        output: try blocked(outputType))
    }
  }

  private var imageType: TensorType { type(of: pass == .image ? ODN_ARG_DIFF_SRC : ODN_ARG_SRC) }

  private var outputType: TensorType {
    type(of: pass == .forward ? ODN_ARG_DST : ODN_ARG_DIFF_DST)
  }

  private func blocked(_ type: TensorType) throws(OneDNNError) -> Descriptor {
    try .channelBlocked(
      type.elementType.oneDNN!, type.shape.extents, block: Machine.channelBlock)
  }

  /// The layout an operand comes in.
  private func descriptor(_ argument: odn_arg) throws(OneDNNError) -> Descriptor? {
    guard let operand = operands.first(where: { $0.argument == argument }),
      let layout = operand.layout
    else { return nil }
    return try layout.descriptor(of: operand.type)
  }
}

extension Layout {
  /// The layout in oneDNN's words.
  func descriptor(of type: TensorType) throws(OneDNNError) -> Descriptor {
    try PlanValue(buffer: 0, layout: self, type: type).descriptor()
  }

  /// The order of axes and blocks without extents: what tensors of different shapes share.
  var tag: String {
    guard case .engine(let descriptor) = self else { return "plain" }
    return descriptor.description.split(separator: " ").last.map(String.init) ?? "unknown"
  }
}
