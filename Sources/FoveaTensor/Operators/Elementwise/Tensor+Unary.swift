extension Tensor {
  public static prefix func - (x: Tensor) -> Tensor { .record(Unary(.negate), x) }

  /// `|x|`.
  public func absolute(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.absolute), self, file: file, line: line)
  }

  /// −1, 0 or 1.
  public func sign(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.sign), self, file: file, line: line)
  }

  /// `eˣ`.
  public func exp(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.exp), self, file: file, line: line)
  }

  /// `eˣ − 1`, exact for small `x`.
  public func expMinusOne(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.expMinusOne), self, file: file, line: line)
  }

  /// The natural logarithm.
  public func log(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.log), self, file: file, line: line)
  }

  /// `log(1 + x)`, exact for small `x`.
  public func logOnePlus(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.logOnePlus), self, file: file, line: line)
  }

  public func squareRoot(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.squareRoot), self, file: file, line: line)
  }

  /// `1 / √x`.
  public func reciprocalSquareRoot(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.reciprocalSquareRoot), self, file: file, line: line)
  }

  /// `1 / x`.
  public func reciprocal(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.reciprocal), self, file: file, line: line)
  }

  /// `x²`.
  public func squared(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.square), self, file: file, line: line)
  }

  /// `max(x, 0)`.
  public func relu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.relu), self, file: file, line: line)
  }

  /// `1 / (1 + e⁻ˣ)`.
  public func sigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.sigmoid), self, file: file, line: line)
  }

  public func tanh(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.tanh), self, file: file, line: line)
  }

  /// `log(1 + eˣ)`.
  public func softplus(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.softplus), self, file: file, line: line)
  }

  /// The error function.
  public func erf(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.erf), self, file: file, line: line)
  }

  public func sin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.sin), self, file: file, line: line)
  }

  public func cos(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.cos), self, file: file, line: line)
  }

  public func floor(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.floor), self, file: file, line: line)
  }

  public func ceil(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.ceil), self, file: file, line: line)
  }

  /// The nearest whole number, halves to even.
  public func rounded(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.round), self, file: file, line: line)
  }

  /// Without its fraction.
  public func truncated(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(Unary(.truncate), self, file: file, line: line)
  }
}
