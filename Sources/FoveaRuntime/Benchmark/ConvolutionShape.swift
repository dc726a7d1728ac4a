package import FoveaTensor

/// One convolution of a network, as a line of `Tests/Shapes/*.txt` says it.
package struct ConvolutionShape: Hashable, Sendable {
  /// Channels, height, width.
  package let image: [Int]
  package let output: [Int]
  package let kernel: [Int]
  package let stride: [Int]
  package let padding: [Int]
  package let dilation: [Int]
  package let groups: Int

  /// Why a line is not a convolution.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  /// Reads a line; `nil` when it is empty or a comment.
  package init?(line: some StringProtocol) throws(Refusal) {
    let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
    guard !words.isEmpty else { return nil }
    var fields: [String: Int] = [:]
    for word in words where !word.hasPrefix("*") {
      let name = String(word.prefix { $0.isLetter })
      guard let number = Int(word.dropFirst(name.count)), (0...1_000_000).contains(number) else {
        throw Refusal(description: "“\(word)” is not a name followed by a number")
      }
      guard fields.updateValue(number, forKey: name) == nil else {
        throw Refusal(description: "\(name) is there twice")
      }
    }
    func take(_ names: String...) throws(Refusal) -> [Int] {
      var numbers: [Int] = []
      for name in names {
        guard let number = fields.removeValue(forKey: name) else {
          throw Refusal(description: "\(name) is missing")
        }
        numbers.append(number)
      }
      return numbers
    }
    image = try take("ic", "ih", "iw")
    output = try take("oc", "oh", "ow")
    kernel = try take("kh", "kw")
    stride = try take("sh", "sw")
    padding = try take("ph", "pw")
    dilation = try take("dh", "dw")
    groups = try take("g")[0]
    if let stranger = fields.keys.sorted().first {
      throw Refusal(description: "there is no field called \(stranger)")
    }
    do {
      guard groups > 0,
        try geometry.outputShape("convolution", image: imageShape(1), filter: filter)
          == outputShape(1)
      else { throw Refusal(description: "the output does not follow from the rest") }
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(description: "\(error)")
    }
  }

  package var geometry: ConvolutionGeometry {
    let padding = Extents(padding)
    return ConvolutionGeometry(
      stride: Extents(stride), dilation: Extents(dilation), low: padding, high: padding,
      groups: groups)
  }

  package func imageShape(_ batch: Int) -> Shape { Shape([batch] + image) }
  package func outputShape(_ batch: Int) -> Shape { Shape([batch] + output) }
  package var filter: Shape { Shape([output[0], image[0] / max(groups, 1)] + kernel) }
}

extension ConvolutionShape: CustomStringConvertible {
  package var description: String {
    func by(_ list: [Int]) -> String { list.map(String.init).joined(separator: "×") }
    var text = "\(by(image)) → \(by(output)) kernel \(by(kernel))"
    if stride != [1, 1] { text += " stride \(by(stride))" }
    if dilation != [1, 1] { text += " dilation \(by(dilation))" }
    if groups != 1 { text += " groups \(groups)" }
    return text
  }
}
