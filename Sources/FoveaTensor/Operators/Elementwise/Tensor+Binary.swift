extension Tensor {
  public static func + (x: Tensor, y: Tensor) -> Tensor { .record(Binary(.add), x, y) }
  public static func - (x: Tensor, y: Tensor) -> Tensor { .record(Binary(.subtract), x, y) }
  public static func * (x: Tensor, y: Tensor) -> Tensor { .record(Binary(.multiply), x, y) }
  public static func / (x: Tensor, y: Tensor) -> Tensor { .record(Binary(.divide), x, y) }

  /// The smaller of each pair.
  public func minimum(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Binary(.minimum), self, other, file: file, line: line)
  }

  /// The larger of each pair.
  public func maximum(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Binary(.maximum), self, other, file: file, line: line)
  }

  /// `xʸ`.
  public func power(
    _ exponent: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Binary(.power), self, exponent, file: file, line: line)
  }

  /// What is left of `x` after whole multiples of `y`; it has the sign of `y`.
  public func remainder(
    dividingBy divisor: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Binary(.remainder), self, divisor, file: file, line: line)
  }
}

// Arithmetic with plain numbers of any floating-point type. `Tensor` is not expressible by a
// literal: that would make the type checker try every overload of every operator.
extension Tensor {
  /// A constant of this tensor's element type that broadcasts with it.
  package func constant(_ value: some BinaryFloatingPoint) -> Tensor {
    .record(Fill(Double(value), TensorType([], elementType)))
  }

  public static func + (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x + x.constant(y) }
  public static func + (x: some BinaryFloatingPoint, y: Tensor) -> Tensor { y.constant(x) + y }
  public static func - (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x - x.constant(y) }
  public static func - (x: some BinaryFloatingPoint, y: Tensor) -> Tensor { y.constant(x) - y }
  public static func * (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x * x.constant(y) }
  public static func * (x: some BinaryFloatingPoint, y: Tensor) -> Tensor { y.constant(x) * y }
  public static func / (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x / x.constant(y) }
  public static func / (x: some BinaryFloatingPoint, y: Tensor) -> Tensor { y.constant(x) / y }

  /// `xᵃ` for a number `a`.
  public func power(
    _ exponent: some BinaryFloatingPoint, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    power(constant(exponent), file: file, line: line)
  }
}
