import Foundation

extension Tensor {
  /// The logarithm to base 2.
  public func log2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    log(file: file, line: line) * (1 / M_LN2)
  }

  /// The logarithm to base 10.
  public func log10(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    log(file: file, line: line) * (1 / M_LN10)
  }

  /// `2ˣ`.
  public func exp2(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try expectFloatingPoint("exp2")
      return (self * M_LN2).exp()
    }
  }

  /// `sin x / cos x`.
  public func tan(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    sin(file: file, line: line) / cos(file: file, line: line)
  }
}
