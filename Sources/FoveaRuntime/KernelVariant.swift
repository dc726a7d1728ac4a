import CKernels
import Foundation

/// The instruction sets that Fovea's own kernels are compiled for.
enum KernelVariant: String, CaseIterable {
  case portable, avx2, avx512

  /// The best one that this processor runs and `FOVEA_INSTRUCTIONS` allows.
  static var best: KernelVariant {
    _ = complaint
    return switch fk_active_isa() {
    case FK_ISA_AVX512: .avx512
    case FK_ISA_AVX2: .avx2
    default: .portable
    }
  }

  /// Says once that the variable means nothing.
  private static let complaint: Void = {
    let text = ProcessInfo.processInfo.environment["FOVEA_INSTRUCTIONS"] ?? ""
    guard !text.isEmpty, KernelVariant(rawValue: text) == nil else { return }
    Diagnostics.write(
      "fovea: FOVEA_INSTRUCTIONS=\(text.debugDescription) is not portable, avx2 or avx512; "
        + "all that the processor has is used")
  }()
}
