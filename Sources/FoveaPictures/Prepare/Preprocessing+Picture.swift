public import FoveaTensor
public import FoveaZoo

extension Preprocessing {
  /// The channels a picture is to be read in.
  public var pictureChannels: Picture.Channels { channels == .gray ? .gray : .rgb }

  /// Why no picture can be prepared this way, or nothing where all is well.
  public var mistake: String? {
    let sides = 1...16_384
    guard sides.contains(width), sides.contains(height) else {
      return "the size \(width)×\(height) is not between 1 and 16384"
    }
    if case .cropped(let side) = fit, !sides.contains(side) {
      return "the shorter side \(side) is not between 1 and 16384"
    }
    let count = pictureChannels.rawValue
    guard mean.count == count, deviation.count == count else {
      return "\(channels.rawValue) needs \(count) means and deviations, "
        + "not \(mean.count) and \(deviation.count)"
    }
    guard (mean + deviation).allSatisfy(\.isFinite), deviation.allSatisfy({ $0 > 0 }) else {
      return "means must be finite and deviations positive"
    }
    return nil
  }

  /// The picture in the size and the channels of the network, still in 8 bits.
  public func fitted(_ picture: Picture) -> Picture {
    let picture = picture.converted(to: pictureChannels)
    switch fit {
    case .stretched: return picture.resized(width: width, height: height)
    case .cropped(let side):
      let (wide, high) = Self.size(of: picture, shorterSide: side)
      let columns = Self.centre(width, of: wide)
      let rows = Self.centre(height, of: high)
      return picture.resized(width: wide, height: high, columns: columns, rows: rows)
        .framed(width: width, height: height)
    }
  }

  /// The pictures as one batch: `[pictures, channels, height, width]`.
  public func tensor(of pictures: [Picture]) -> Tensor {
    tensor(ofFitted: pictures.map(fitted))
  }

  /// Pictures that `fitted(_:)` made, as one batch.
  public func tensor(ofFitted pictures: [Picture]) -> Tensor {
    if let mistake { fatalError("these pictures cannot be prepared: \(mistake)") }
    let count = pictureChannels.rawValue
    let tables = (0..<count).map { channel in
      (0...255).map { (Float($0) / 255 - mean[channel]) / deviation[channel] }
    }
    let plane = width * height
    let type = TensorType(Shape([pictures.count, count, height, width]))
    let value = unsafe PlainValue(type) { bytes in
      let numbers = unsafe bytes.bindMemory(to: Float.self)
      for (index, picture) in pictures.enumerated() {
        guard (picture.width, picture.height) == (width, height),
          picture.channels == pictureChannels
        else { fatalError("\(picture) was not fitted to \(width)×\(height)") }
        let values = picture.values
        for channel in 0..<count {
          let table = tables[channel]
          let start = (index * count + channel) * plane
          let source = channels == .bgr ? count - 1 - channel : channel
          for pixel in 0..<plane {
            unsafe numbers[start + pixel] = table[Int(values[pixel * count + source])]
          }
        }
      }
    }
    return Tensor(value)
  }

  /// The size in which the shorter side has the length; the longer one is rounded down.
  private static func size(of picture: Picture, shorterSide: Int) -> (width: Int, height: Int) {
    let (width, height) = (picture.width, picture.height)
    return width <= height
      ? (shorterSide, max(1, shorterSide * height / width))
      : (max(1, shorterSide * width / height), shorterSide)
  }

  /// The middle `length` of `whole` positions, or all where there are fewer.
  private static func centre(_ length: Int, of whole: Int) -> Range<Int> {
    guard length < whole else { return 0..<whole }
    // Halves go to the even number, as in torchvision.
    let start = Int((Double(whole - length) / 2).rounded(.toNearestOrEven))
    return start..<start + length
  }
}

extension Picture {
  /// The picture in the middle of a black one, where it is too small.
  fileprivate func framed(width: Int, height: Int) -> Picture {
    guard self.width < width || self.height < height else { return self }
    let size = channels.rawValue
    var values = [UInt8](repeating: 0, count: width * height * size)
    let (left, top) = ((width - self.width) / 2, (height - self.height) / 2)
    for y in 0..<self.height {
      let target = ((top + y) * width + left) * size
      let source = y * self.width * size
      values.replaceSubrange(
        target..<target + self.width * size, with: self.values[source..<source + self.width * size])
    }
    return Picture(width: width, height: height, channels: channels, values: values)
  }
}
