import CKernels

/// What kind of number convolutions and matrix products multiply.
///
/// Parameters, their gradients, normalisation, losses and results are `float32` in either; the
/// network is recorded the same.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  case float32
  /// Factors with 8 significant bits, sums with 24; activations are kept in 16 bits.
  ///
  /// Kalamkar et al. *A study of BFLOAT16 for deep learning training*, 2019.
  case bfloat16

  /// The precision of plans to come; ``withPrecision(_:_:)`` sets it.
  @TaskLocal public static var current: Precision = .float32

  /// Whether this processor has instructions for it.
  public var isAvailable: Bool {
    switch self {
    case .float32: true
    case .bfloat16: fk_cpu_has_bf16() != 0
    }
  }

  func check() throws(PrecisionRefusal) {
    guard isAvailable else { throw PrecisionRefusal(precision: self) }
  }
}

/// A precision that this processor has no instructions for.
public struct PrecisionRefusal: Error, Equatable, CustomStringConvertible {
  public let precision: Precision

  public var description: String {
    "this processor has no instructions for \(precision) (AVX512_BF16 or AMX); "
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
