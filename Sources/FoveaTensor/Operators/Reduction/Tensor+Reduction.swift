extension Tensor {
  /// The sum along `axes`, or of everything.
  public func sum(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.sum, axes, keepsAxes, file, line)
  }

  /// The mean along `axes`, or of everything.
  public func mean(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.mean, axes, keepsAxes, file, line)
  }

  /// The largest element along `axes`, or of everything.
  public func max(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.maximum, axes, keepsAxes, file, line)
  }

  /// The smallest element along `axes`, or of everything.
  public func min(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.minimum, axes, keepsAxes, file, line)
  }

  /// The product along `axes`, or of everything.
  public func product(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reduced(.product, axes, keepsAxes, file, line)
  }

  /// Whether any element along `axes`, or at all, is true.
  public func any(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    truths(.maximum, "any", axes, keepsAxes, file, line)
  }

  /// Whether every element along `axes`, or of all, is true.
  public func all(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    truths(.minimum, "all", axes, keepsAxes, file, line)
  }

  private func truths(
    _ function: Reduction.Function, _ name: String, _ axes: [Int]?, _ keepsAxes: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      guard elementType == .bool else {
        throw ShapeError(name, "takes bool, got \(type); compare it with something first")
      }
      return reduced(function, axes, keepsAxes, file, line)
    }
  }

  private func reduced(
    _ function: Reduction.Function, _ axes: [Int]?, _ keepsAxes: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    .record(
      Reduction(function, axes: axes ?? Array(0..<rank), keepsAxes: keepsAxes), self,
      file: file, line: line)
  }

  /// The sum over whatever was repeated to make `narrow` as wide as this: broadcasting, undone.
  package func summed(to narrow: Shape) -> Tensor {
    guard shape != narrow else { return self }
    let added = rank - narrow.rank
    let axes = (0..<rank).filter { $0 < added || (narrow[$0 - added] == 1 && shape[$0] != 1) }
    let sum = axes.isEmpty ? self : sum(axes: axes)
    return sum.shape == narrow ? sum : sum.reshaped(to: narrow)
  }
}
