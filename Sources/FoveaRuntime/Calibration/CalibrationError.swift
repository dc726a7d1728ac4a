/// Why a network cannot be computed with bytes.
public enum CalibrationError: Error, Equatable {
  case noPictures
  case nothingToQuantize
  /// A calibration of one network was to be used for another.
  case otherNetwork(measured: String, found: String)
  case isTraining
}

extension CalibrationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noPictures:
      "int8 needs to see pictures first: a calibration measures activations on a few of them, and "
        + "was given none"
    case .nothingToQuantize:
      "int8 computes convolutions and products with fixed weights, and this network has none"
    case .otherNetwork(let measured, let found):
      "the calibration is of another network: it measured \(measured), and this is \(found)"
    case .isTraining:
      "int8 is for inference; training takes float32 or bfloat16"
    }
  }
}
