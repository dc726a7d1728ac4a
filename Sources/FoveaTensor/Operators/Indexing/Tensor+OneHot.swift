extension Tensor {
  /// 1 where the number of a class is an element's own, else 0, along a new last axis.
  ///
  ///     Tensor([2, 0], shape: [2], as: .int32).oneHot(classes: 3)  // [[0, 0, 1], [1, 0, 0]]
  public func oneHot(
    classes: Int, as elementType: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingOneHot(classes: classes, as: elementType)
    }
  }

  package func recordingOneHot(
    classes: Int, as elementType: ElementType
  ) throws(ShapeError) -> Tensor {
    guard !self.elementType.isFloatingPoint, self.elementType != .bool else {
      throw ShapeError("one hot", "takes whole numbers, got \(type); cast them first")
    }
    let numbers = try Tensor.recording(Iota([classes], self.elementType, axis: 0), [])
    let column = reshaped(to: Shape(shape.extents + [1]))
    let hits = try Tensor.recording(Comparison(.equal), [column, numbers])
    return try .recording(Cast(to: elementType), [hits])
  }
}
