import COneDNN
import FoveaTensor

/// A convolution in oneDNN's words; layouts that nobody asks for are left to oneDNN.
struct ConvolutionProblem {
  private let geometry: ConvolutionGeometry
  private let type: odn_type
  private let stride: [Int64]
  private let dilation: [Int64]
  private let low: [Int64]
  private let high: [Int64]

  /// The layouts of the two tensors with pixels; `nil` where oneDNN may choose.
  struct Layouts {
    var image: Descriptor?
    var output: Descriptor?
  }

  /// `nil` for kinds of numbers oneDNN does not convolve.
  init?(_ geometry: ConvolutionGeometry, _ elementType: ElementType) {
    guard elementType == .float32 || elementType == .bfloat16, let type = elementType.oneDNN else {
      return nil
    }
    self.geometry = geometry
    self.type = type
    stride = geometry.stride.list.map(Int64.init)
    dilation = geometry.dilation.list.map(Int64.init)
    low = geometry.low.list.map(Int64.init)
    high = geometry.high.list.map(Int64.init)
  }

  func forward(
    image: Shape, filter: Shape, output: Shape, layouts: Layouts = Layouts(), bias: Bool = false,
    attributes: PrimitiveAttributes? = nil, isTraining: Bool = false,
    algorithm: odn_algorithm = ODN_ALGORITHM_DIRECT
  ) throws(OneDNNError) -> Primitive {
    let (x, w, y) = try descriptors(image, filter, output, layouts)
    let b = bias ? try Descriptor.plain(ODN_F32, [output[1]]) : nil
    return try Primitive {
      odn_convolution_forward(
        algorithm, isTraining ? 1 : 0, x.pointer, w.pointer, b?.pointer, y.pointer,
        Int64(geometry.groups), stride, dilation, low, high, attributes?.pointer, $0)
    }
  }

  func backwardImage(
    image: Shape, filter: Shape, output: Shape, layouts: Layouts = Layouts(),
    algorithm: odn_algorithm = ODN_ALGORITHM_DIRECT
  ) throws(OneDNNError) -> Primitive {
    let (x, w, y) = try descriptors(image, filter, output, layouts)
    return try Primitive {
      odn_convolution_backward_data(
        algorithm, x.pointer, w.pointer, y.pointer, Int64(geometry.groups), stride, dilation, low,
        high, nil, $0)
    }
  }

  func backwardFilter(
    image: Shape, filter: Shape, output: Shape, layouts: Layouts = Layouts(), bias: Bool = false,
    algorithm: odn_algorithm = ODN_ALGORITHM_DIRECT
  ) throws(OneDNNError) -> Primitive {
    let (x, w, y) = try descriptors(image, filter, output, layouts)
    let b = bias ? try Descriptor.plain(ODN_F32, [output[1]]) : nil
    return try Primitive {
      odn_convolution_backward_weights(
        algorithm, x.pointer, w.pointer, b?.pointer, y.pointer, Int64(geometry.groups), stride,
        dilation, low, high, nil, $0)
    }
  }

  private func descriptors(
    _ image: Shape, _ filter: Shape, _ output: Shape, _ layouts: Layouts
  ) throws(OneDNNError) -> (Descriptor, Descriptor, Descriptor) {
    func free(_ shape: Shape) throws(OneDNNError) -> Descriptor { try .any(type, shape.extents) }
    let x = if let fixed = layouts.image { fixed } else { try free(image) }
    let y = if let fixed = layouts.output { fixed } else { try free(output) }
    return (x, try free(filter), y)
  }
}
