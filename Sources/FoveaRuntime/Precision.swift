import CKernels

/// What kind of number convolutions and matrix products multiply.
///
/// Parameters, their gradients, normalisation, losses and results are `float32` in any; the network
/// is recorded the same.
public enum Precision: Hashable, Sendable {
  case float32
  /// Factors with 8 significant bits, sums with 24; activations are kept in 16 bits.
  ///
  /// Kalamkar et al. *A study of BFLOAT16 for deep learning training*, 2019.
  case bfloat16
  /// Factors of 8 bits, sums of 32; activations are kept in 8 bits between them. For inference.
  ///
  /// Jacob et al. *Quantization and training of neural networks for efficient
  /// integer-arithmetic-only inference*, 2018.
  case int8(Calibration)

  /// The precision of plans to come; ``withPrecision(_:_:)`` sets it.
  @TaskLocal public static var current: Precision = .float32

  /// Whether this processor has instructions for it.
  public var isAvailable: Bool {
    switch self {
    case .float32: true
    case .bfloat16: fk_cpu_has_bf16() != 0
    case .int8: Precision.multipliesBytes
    }
  }

  /// Whether this processor has instructions for ``int8(_:)``.
  public static var multipliesBytes: Bool { fk_cpu_has_byte_products() != 0 }

  func check() throws(PrecisionRefusal) {
    guard isAvailable else { throw PrecisionRefusal(precision: description) }
  }
}

extension Precision: CustomStringConvertible {
  public var description: String {
    switch self {
    case .float32: "float32"
    case .bfloat16: "bfloat16"
    case .int8: "int8"
    }
  }
}

/// A precision that this processor has no instructions for.
public struct PrecisionRefusal: Error, Equatable, CustomStringConvertible {
  /// The precision in words, such as `bfloat16`.
  public let precision: String

  public static let bfloat16 = PrecisionRefusal(precision: "bfloat16")
  public static let int8 = PrecisionRefusal(precision: "int8")

  public var description: String {
    let instructions = self == .int8 ? "AVX512_VNNI" : "AVX512_BF16 or AMX"
    return "this processor has no instructions for \(precision) (\(instructions)); "
      + "float32 works everywhere"
  }
}

/// Computes what `body` evaluates in the given precision.
///
/// ```swift
/// let scores = try withPrecision(.bfloat16) { model(images).scalars() }
/// ```
///
/// Throws ``PrecisionRefusal``, and runs nothing, where the processor lacks it.
public func withPrecision<Result>(
  _ precision: Precision, _ body: () throws -> Result
) throws -> Result {
  try precision.check()
  return try Precision.$current.withValue(precision, operation: body)
}

/// Computes what `body` evaluates in the given precision, across its suspensions.
public func withPrecision<Result>(
  _ precision: Precision, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> Result
) async throws -> Result {
  try precision.check()
  return try await Precision.$current.withValue(precision, operation: body, isolation: isolation)
}
