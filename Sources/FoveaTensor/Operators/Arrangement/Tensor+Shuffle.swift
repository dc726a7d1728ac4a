extension Tensor {
  /// Channels become pixels: `[N, C·r², H, W]` becomes `[N, C, H·r, W·r]`.
  ///
  /// Shi and others. *Real-time single image and video super-resolution using an efficient sub-pixel
  /// convolutional neural network*, 2016.
  public func pixelShuffled(
    by factor: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingPixelShuffle(factor)
    }
  }

  /// Pixels become channels: `[N, C, H·r, W·r]` becomes `[N, C·r², H, W]`.
  public func pixelUnshuffled(
    by factor: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingPixelUnshuffle(factor)
    }
  }

  /// Channels dealt out anew, one of each group after the other.
  ///
  /// Zhang, Zhou, Lin, Sun. *ShuffleNet*, 2017.
  public func channelsShuffled(
    groups: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingChannelShuffle(groups)
    }
  }

  package func recordingPixelShuffle(_ r: Int) throws(ShapeError) -> Tensor {
    let (n, c, h, w) = try plane("pixel shuffle", r, "factor")
    guard r <= c, r * r <= c, c % (r * r) == 0 else {
      throw ShapeError(
        "pixel shuffle", "\(c) channels of \(shape) do not fall into squares of \(r) by \(r)")
    }
    let parts = reshaped(to: [n, c / (r * r), r, r, h, w])
    let woven = try Tensor.recording(Transpose([0, 1, 4, 2, 5, 3]), [parts])
    return try .recording(Reshape(to: [n, c / (r * r), h * r, w * r]), [woven])
  }

  package func recordingPixelUnshuffle(_ r: Int) throws(ShapeError) -> Tensor {
    let (n, c, h, w) = try plane("pixel unshuffle", r, "factor")
    guard h % r == 0, w % r == 0 else {
      throw ShapeError(
        "pixel unshuffle",
        "an image of \(h) by \(w) pixels does not fall into squares of "
          + "\(r) by \(r)")
    }
    let parts = reshaped(to: [n, c, h / r, r, w / r, r])
    let woven = try Tensor.recording(Transpose([0, 1, 3, 5, 2, 4]), [parts])
    return try .recording(Reshape(to: [n, c * r * r, h / r, w / r]), [woven])
  }

  package func recordingChannelShuffle(_ groups: Int) throws(ShapeError) -> Tensor {
    guard rank >= 2 else {
      throw ShapeError("channel shuffle", "takes an image [N, C, spatial…], got \(shape)")
    }
    guard groups > 0, shape[1] % groups == 0 else {
      throw ShapeError(
        "channel shuffle", "\(shape[1]) channels of \(shape) do not fall into \(groups) groups")
    }
    let pixels = shape.extents[2...].reduce(1, *)
    let parts = reshaped(to: [shape[0], groups, shape[1] / groups, pixels])
    return try Tensor.recording(Transpose([0, 2, 1, 3]), [parts]).reshaped(to: shape)
  }

  private func plane(
    _ operation: String, _ number: Int, _ what: String
  ) throws(ShapeError) -> (Int, Int, Int, Int) {
    guard rank == 4 else {
      throw ShapeError(operation, "takes an image [N, C, H, W], got \(shape)")
    }
    guard (1...Shape.largestExtent).contains(number) else {
      throw ShapeError(
        operation, "\(what) must lie between 1 and \(Shape.largestExtent), got \(number)")
    }
    return (shape[0], shape[1], shape[2], shape[3])
  }
}
