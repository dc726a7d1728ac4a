import COneDNN
import FoveaTensor

/// A convolution in oneDNN's words; layouts that nobody asks for are left to oneDNN.
struct ConvolutionProblem {
  private let geometry: ConvolutionGeometry
  private let type: odn_type
  private let result: odn_type
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
  init?(_ geometry: ConvolutionGeometry, _ elementType: ElementType, result: ElementType) {
    guard elementType == .float32 || elementType == .bfloat16,
      result == elementType || result == .float32,
      let type = elementType.oneDNN, let resultType = result.oneDNN
    else { return nil }
    self.result = resultType
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
    let x = try fixed(layouts.image, image, type)
    let w = try fixed(nil, filter, type)
    let y = try fixed(layouts.output, output, result)
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
    let x = try fixed(layouts.image, image, result)
    let w = try fixed(nil, filter, type)
    let y = try fixed(layouts.output, output, type)
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
    let x = try fixed(layouts.image, image, type)
    let w = try fixed(nil, filter, result)
    let y = try fixed(layouts.output, output, type)
    let b = bias ? try Descriptor.plain(ODN_F32, [output[1]]) : nil
    return try Primitive {
      odn_convolution_backward_weights(
        algorithm, x.pointer, w.pointer, b?.pointer, y.pointer, Int64(geometry.groups), stride,
        dilation, low, high, nil, $0)
    }
  }

  /// The layout that is given, or any.
  private func fixed(
    _ layout: Descriptor?, _ shape: Shape, _ type: odn_type
  ) throws(OneDNNError) -> Descriptor {
    if let layout { return layout }
    return try .any(type, shape.extents)
  }
}
