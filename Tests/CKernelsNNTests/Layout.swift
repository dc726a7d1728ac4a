import CKernels

/// A batch of images: what it means, `[batch][channels][positions]`, and how it lies in memory.
struct Layout {
  let batch: Int
  let channels: Int
  let block: Int
  let spatial: [Int]

  var positions: Int { spatial[0] * spatial[1] * spatial[2] }
  var count: Int { batch * channels * positions }
  var groups: Int { (channels + block - 1) / block }
  var elements: Int { Int(fk_image_elements(image)) }

  var image: fk_image {
    fk_image(
      batch: Int64(batch), channels: Int64(channels), block: Int64(block),
      spatial: triple(spatial))
  }

  func with(spatial: [Int]) -> Layout {
    Layout(batch: batch, channels: channels, block: block, spatial: spatial)
  }

  func place(_ n: Int, _ c: Int, _ position: Int) -> Int {
    ((n * groups + c / block) * positions + position) * block + c % block
  }

  func packed<T>(_ plain: [T], padding: T) -> [T] {
    var memory = [T](repeating: padding, count: elements)
    for n in 0..<batch {
      for c in 0..<channels {
        for p in 0..<positions {
          memory[place(n, c, p)] = plain[(n * channels + c) * positions + p]
        }
      }
    }
    return memory
  }

  func packed(_ plain: [Float]) -> [Float] {
    packed(plain, padding: 0)
  }

  func unpacked<T>(_ memory: [T]) -> [T] {
    var plain: [T] = []
    plain.reserveCapacity(count)
    for n in 0..<batch {
      for c in 0..<channels {
        for p in 0..<positions { plain.append(memory[place(n, c, p)]) }
      }
    }
    return plain
  }

  /// Whether the lanes that are no channels hold zeros.
  func hasCleanPadding(_ memory: [Float]) -> Bool {
    for n in 0..<batch {
      for c in channels..<max(channels, groups * block) {
        for p in 0..<positions where memory[place(n, c, p)] != 0 { return false }
      }
    }
    return true
  }

  static func random(_ numbers: inout Numbers, largest: Int = 11, axes: Int = 2) -> Layout {
    let channels = numbers.integer(1...37)
    var spatial = (0..<3).map { _ in numbers.integer(1...largest) }
    for axis in 0..<3 - axes { spatial[axis] = 1 }
    return Layout(
      batch: numbers.integer(1...3), channels: channels,
      block: numbers.pick([1, 8, 16, channels]), spatial: spatial)
  }
}

func triple(_ values: [Int]) -> (Int64, Int64, Int64) {
  (Int64(values[0]), Int64(values[1]), Int64(values[2]))
}
