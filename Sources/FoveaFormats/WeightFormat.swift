/// The ways weights are kept in files.
public enum WeightFormat: String, Hashable, Sendable, CaseIterable {
  case safetensors
  /// PyTorch since 1.6: a zip archive.
  case torchZip
  /// PyTorch before 1.6: pickles one after the other.
  case torchLegacy
}

extension WeightFormat: CustomStringConvertible {
  public var description: String {
    switch self {
    case .safetensors: "safetensors"
    case .torchZip: "PyTorch"
    case .torchLegacy: "PyTorch before 1.6"
    }
  }
}
