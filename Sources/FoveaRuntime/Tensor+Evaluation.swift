public import FoveaTensor

extension Tensor {
  /// Computes this tensor and gives its numbers in row-major order.
  public func scalars(file: StaticString = #fileID, line: UInt = #line) -> [Float] {
    computed(file, line).floats
  }

  /// Computes this tensor and gives its numbers in row-major order, as `Double`.
  public func doubles(file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    computed(file, line).scalars
  }

  /// Computes a tensor of one element.
  public func scalar(file: StaticString = #fileID, line: UInt = #line) -> Float {
    do { return try tryScalar() } catch { fatalError("\(error)", file: file, line: line) }
  }

  /// The same value with its history forgotten.
  public func detached(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Tensor(computed(file, line))
  }

  private func computed(_ file: StaticString, _ line: UInt) -> PlainValue {
    do { return try tryComputed() } catch { fatalError("\(error)", file: file, line: line) }
  }

  /// What is known need not be computed.
  fileprivate func tryComputed() throws -> PlainValue {
    try value?.plain() ?? Engine.run(results: [self]).results[0]
  }
}

extension Tensor {
  /// Computes this tensor; throws when it cannot be, as when memory does not suffice or an index
  /// points outside.
  public func tryScalars() throws -> [Float] {
    try tryComputed().floats
  }

  /// The same value with its history forgotten; throws when it cannot be computed.
  public func tryDetached() throws -> Tensor { value == nil ? Tensor(try tryComputed()) : self }

  /// Computes a tensor of one element; throws when it cannot be.
  public func tryScalar() throws -> Float {
    guard shape.count == 1 else {
      throw ShapeError("scalar", "takes a tensor of one element, got \(type)")
    }
    return try tryScalars()[0]
  }
}

/// Computes several tensors in one plan.
@discardableResult
package func evaluate(
  _ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
) -> [PlainValue] {
  do {
    return try Engine.run(results: tensors).results
  } catch {
    fatalError("\(error)", file: file, line: line)
  }
}
