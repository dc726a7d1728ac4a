import COneDNN
import FoveaTensor

/// What oneDNN refused, in its own words.
struct OneDNNError: Error, CustomStringConvertible {
  let description: String

  init() { description = String(cString: odn_last_error()) }

  /// Calls a function of the shim that leaves its result in the last argument.
  static func make<T>(
    _ body: (UnsafeMutablePointer<T?>) -> Int32
  ) throws(OneDNNError) -> T {
    var result: T?
    let status = body(&result)
    guard status == 0, let result else { throw OneDNNError() }
    return result
  }

  static func check(_ status: Int32) throws(OneDNNError) {
    guard status == 0 else { throw OneDNNError() }
  }
}

extension OneDNNError {
  static func opaqueLayout(_ kernel: ConvolutionKernel) -> OneDNNError {
    OneDNNError(text: "\(kernel) wants a layout that nothing else can read")
  }

  private init(text: String) { description = text }

  /// A convolution that the kernel for few channels does not compute.
  static let noTiles = OneDNNError(text: "the kernel for tiles does not compute this")
  static let notSmall = OneDNNError(text: "the kernel for few channels does not compute this")

  static func noType(_ type: TensorType) -> OneDNNError {
    OneDNNError(text: "oneDNN has no kind of number for \(type)")
  }
}
