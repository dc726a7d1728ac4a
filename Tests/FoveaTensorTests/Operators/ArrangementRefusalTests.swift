import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ArrangementRefusalTests {
  private static let x = Tensor(repeating: 1, shape: [2, 3])
  private static let t = Tensor(repeating: 1, shape: [2, 3], as: .bool)
  private static let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
  private static let image = Tensor(repeating: 1, shape: [1, 4, 6, 6])
  private static let noAxis = "axis 2 does not exist in [2, 3], whose axes are 0 to 1"

  private static func refused(
    _ operation: some Operator, _ operands: [Tensor], _ reason: String
  ) -> RefusalCase {
    RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
  }

  private static func slice(_ start: Int, _ end: Int, _ step: Int) -> Slice {
    Slice(start: [0, start], end: [2, end], step: [1, step])
  }

  static let arrangements: [RefusalCase] = [
    refused(Transpose([0]), [x], "order [0] does not name every axis of [2, 3] once"),
    refused(Transpose([0, 0]), [x], "order [0, 0] does not name every axis of [2, 3] once"),
    refused(Transpose([0, 2]), [x], "order [0, 2] does not name every axis of [2, 3] once"),
    refused(Transpose([0, 1]), [], "takes 1 operand(s), got 0"),
    RefusalCase("transpose", noAxis) { _ = try x.recordingTranspose(0, 2) },
    refused(
      slice(1, 1, 1), [x],
      "takes a part of axis 1 of [2, 3] that begins and ends inside and has an element, got 1..<1"),
    refused(
      slice(0, 4, 1), [x],
      "takes a part of axis 1 of [2, 3] that begins and ends inside and has an element, got 0..<4"),
    refused(
      slice(0, 3, 0), [x], "step must lie between 1 and 2147483647, got 0 on axis 1"),
    refused(
      Slice(start: [0], end: [1], step: [1]), [x],
      "start [0], end [1] and step [1] must name the axes of [2, 3]"),
    RefusalCase("slice", "place 4 lies outside axis 1 of [2, 3], whose places are -3 to 3") {
      _ = try x.recordingSlice(axis: 1, from: 4, to: nil, by: 1)
    },
    RefusalCase("slice", "going backwards from 1 to 1 on axis 1 of [2, 3] meets no element") {
      _ = try x.recordingSlice(axis: 1, from: 1, to: 1, by: -1)
    },
    RefusalCase(
      "slice", "step must lie between 1 and 2147483647, or be the negative of that, got 0"
    ) { _ = try x.recordingSlice(axis: 1, from: nil, to: nil, by: 0) },
    RefusalCase("slice", noAxis) { _ = try x.recordingSlice(axis: 2, from: 0, to: 1, by: 1) },
    refused(
      SliceGradient(slice(0, 2, 1), of: [2, 3]), [x],
      "that slice of [2, 3] is [2, 2], not [2, 3]"),
    refused(
      SliceGradient(slice(0, 2, 1), of: [2, 0]), [x],
      "would give [2, 0]: axis 1 has 0 elements, at least 1 is needed"),
    refused(
      SliceGradient(slice(0, 2, 1), of: [2, 1]), [x],
      "takes a part of axis 1 of [2, 1] that begins and ends inside and has an element, got 0..<2"),
    refused(SliceGradient(slice(0, 2, 1), of: [2, 3]), [], "takes 1 operand(s), got 0"),
    refused(Reverse(axes: [2]), [x], noAxis),
    refused(Reverse(axes: [1, -1]), [x], "axes [1, -1] name an axis of [2, 3] twice"),
    refused(Reverse(axes: [0]), [], "takes 1 operand(s), got 0"),
    refused(Reverse(axes: [0]), [x, x], "takes 1 operand(s), got 2"),
    refused(Concatenate(axis: 0), [], "takes at least one operand, got none"),
    refused(Concatenate(axis: 2), [x, x], noAxis),
    refused(
      Concatenate(axis: 0), [x, n],
      "element types differ: float32[2, 3] and int32[2, 3]; cast one of them"),
    refused(
      Concatenate(axis: 0), [x, x, Tensor(repeating: 1, shape: [2, 4])],
      "operand 3 of 3 has shape [2, 4], the first has [2, 3]: they may differ on axis 0 only"),
    refused(
      Concatenate(axis: 0), [x, Tensor(1)],
      "operand 2 of 2 has shape [], the first has [2, 3]: the ranks must be equal"),
    RefusalCase("stack", "takes at least one tensor, got none") {
      _ = try Tensor.recordingStack([], axis: 0)
    },
    RefusalCase(
      "stack", "tensor 2 of 2 is int32[2, 3], the first is float32[2, 3]: they must be alike"
    ) {
      _ = try Tensor.recordingStack([x, n], axis: 0)
    },
    RefusalCase("split", "axis 1 of [2, 3] does not fall into 2 equal parts") {
      _ = try x.recordingSplit(count: 2, axis: 1)
    },
    RefusalCase("split", "parts of [1, 1] elements are not the 3 of axis 1 of [2, 3]") {
      _ = try x.recordingSplit(sizes: [1, 1], axis: 1)
    },
    RefusalCase("split", "parts of [4, -1] elements are not the 3 of axis 1 of [2, 3]") {
      _ = try x.recordingSplit(sizes: [4, -1], axis: 1)
    },
    RefusalCase("split", noAxis) { _ = try x.recordingSplit(count: 1, axis: 2) },
    refused(Reshape(to: [5]), [x], "[2, 3] has 6 elements, [5] has 5"),
    refused(
      Reshape(to: [-1, -1]), [x], "[2, 3] has 6 elements, [-1, -1] has no possible number of them"),
    refused(
      Reshape(to: [.max, 2]), [x],
      "[2, 3] has 6 elements, [9223372036854775807, 2] has no possible number of them"),
    refused(Reshape(to: [6]), [], "takes 1 operand(s), got 0"),
    refused(
      Expand(to: [2, 4]), [x],
      "[2, 3] cannot be stretched to [2, 4]: aligned from the right, every extent must be equal or 1"
    ),
    refused(
      Expand(to: [3]), [x],
      "[2, 3] cannot be stretched to [3]: aligned from the right, every extent must be equal or 1"),
    refused(Expand(to: [2, 3]), [], "takes 1 operand(s), got 0"),
    refused(Expand(to: [2, 3]), [x, x], "takes 1 operand(s), got 2"),
    RefusalCase("squeeze", "axis 1 of [2, 3] has 3 elements, only 1 can go") {
      _ = try x.recordingSqueeze(axis: 1)
    },
    RefusalCase("repeat", "takes a count for each axis of [2, 3], got [2]") {
      _ = try x.recordingRepeat([2])
    },
    RefusalCase("upper triangle", "takes at least two axes, got []") {
      _ = try Tensor(1).recordingTriangle("upper triangle", 0, .less)
    },
    RefusalCase("upper triangle", "diagonal must lie between -2 and 3 for [2, 3], got 4") {
      _ = try x.recordingTriangle("upper triangle", 4, .less)
    },
    RefusalCase("upper triangle", "takes numbers, got bool[2, 3]") {
      _ = try t.recordingTriangle("upper triangle", 0, .less)
    },
  ]

  static let images: [RefusalCase] = [
    RefusalCase("pixel shuffle", "takes an image [N, C, H, W], got [2, 3]") {
      _ = try x.recordingPixelShuffle(2)
    },
    RefusalCase("pixel shuffle", "4 channels of [1, 4, 6, 6] do not fall into squares of 3 by 3") {
      _ = try image.recordingPixelShuffle(3)
    },
    RefusalCase("pixel shuffle", "factor must lie between 1 and 2147483647, got 0") {
      _ = try image.recordingPixelShuffle(0)
    },
    RefusalCase("pixel unshuffle", "an image of 6 by 6 pixels does not fall into squares of 4 by 4")
    {
      _ = try image.recordingPixelUnshuffle(4)
    },
    RefusalCase("channel shuffle", "4 channels of [1, 4, 6, 6] do not fall into 3 groups") {
      _ = try image.recordingChannelShuffle(3)
    },
    refused(
      Pad(low: [0], high: [0, 0], .edge), [x],
      "low [0] and high [0, 0] must name the 2 axes of [2, 3]"),
    refused(
      Pad(low: [-1, 0], high: [0, 0], .edge), [x],
      "low padding of axis 0 of [2, 3] must lie between 0 and 2147483647, got -1"),
    refused(
      Pad(low: [0, 0], high: [0, 3], .reflection), [x],
      "high padding of axis 1 of [2, 3] must lie between 0 and 2, got 3"),
    refused(
      Pad(low: [0, 4], high: [0, 0], .repetition), [x],
      "low padding of axis 1 of [2, 3] must lie between 0 and 3, got 4"),
    refused(
      Pad(low: [0, 0], high: [3, 0], .symmetry), [x],
      "high padding of axis 0 of [2, 3] must lie between 0 and 2, got 3"),
    refused(
      Pad(low: [0, 1 << 31 - 1], high: [0, 0], .constant(0)), [x],
      "would give [2, 2147483650]: axis 1 exceeds the largest extent, 2147483647"),
    refused(
      PadGradient(Pad(low: [0, 0], high: [0, 1], .edge), of: [2, 3]), [x],
      "[2, 3] padded is [2, 4], not [2, 3]"),
    refused(
      PadGradient(Pad(low: [0, 0], high: [0, 0], .edge), of: [2, 3]), [n],
      "takes floating-point numbers, got int32[2, 3]; cast it first"),
    refused(
      PadGradient(Pad(low: [0], high: [0], .edge), of: [2, 3]), [x],
      "low [0] and high [0] must name the 2 axes of [2, 3]"),
    refused(
      PadGradient(Pad(low: [0, 0], high: [0, 0], .edge), of: [2, -3]), [x],
      "would give [2, -3]: axis 1 has -3 elements, at least 1 is needed"),
    RefusalCase("pad", "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got [2, 3]") {
      _ = try x.recordingPad(1, .edge)
    },
    RefusalCase("pad", "padding [1, 2, 3] names 3 axes, the image has 2 spatial axes") {
      _ = try image.recordingPad([1, 2, 3], .edge)
    },
    RefusalCase("pad", "same depends on a window, and there is none here") {
      _ = try image.recordingPad(.same, .edge)
    },
  ]

  @Test func refuses() {
    #expect(Self.arrangements.compactMap { $0.failure() } == [])
    #expect(Self.images.compactMap { $0.failure() } == [])
    #expect(Self.arrangements.count == 45)
    #expect(Self.images.count == 18)
  }

  @Test func hostileIntegers() {
    let (x, image) = (Self.x, Self.image)
    func refused(_ usual: [Int], _ record: ([Int]) throws -> Void) -> Int? {
      let tries = HostileIntegers.tries(usual: usual, record)
      return tries.failures.isEmpty && tries.count == 6 * usual.count ? tries.refused : nil
    }
    // What is not refused is 0 or −1 in a place where it means something.
    #expect(refused([0, 1]) { _ = try x.recordingTranspose($0[0], $0[1]) } == 8)
    #expect(
      refused([0, 0, 1, 1]) {
        _ = try x.recordingSlice(axis: $0[0], from: $0[1], to: $0[2], by: $0[3])
      } == 19)
    #expect(refused([0, 1]) { _ = try Tensor.recording(Reverse(axes: $0), [x]) } == 10)
    #expect(refused([0]) { _ = try Tensor.recording(Concatenate(axis: $0[0]), [x, x]) } == 4)
    #expect(refused([0]) { _ = try Tensor.recordingStack([x, x], axis: $0[0]) } == 4)
    #expect(refused([1, 0]) { _ = try x.recordingSplit(count: $0[0], axis: $0[1]) } == 10)
    #expect(refused([1, 2]) { _ = try x.recordingSplit(sizes: $0, axis: 1) } == 12)
    #expect(refused([2, 3]) { _ = try Tensor.recording(Reshape(to: Shape($0)), [x]) } == 12)
    #expect(refused([2, 3]) { _ = try Tensor.recording(Expand(to: Shape($0)), [x]) } == 12)
    #expect(refused([0]) { _ = try image.recordingSqueeze(axis: $0[0]) } == 5)
    #expect(refused([1, 1]) { _ = try x.recordingRepeat($0) } == 12)
    #expect(refused([0]) { _ = try x.recordingTriangle("upper triangle", $0[0], .less) } == 4)
    #expect(refused([1]) { _ = try image.recordingPixelShuffle($0[0]) } == 6)
    #expect(refused([1]) { _ = try image.recordingPixelUnshuffle($0[0]) } == 6)
    #expect(refused([1]) { _ = try image.recordingChannelShuffle($0[0]) } == 6)
    #expect(
      refused([0, 0]) {
        _ = try Tensor.recording(Pad(low: [0, $0[0]], high: [0, $0[1]], .constant(1)), [x])
      } == 10)
    #expect(
      refused([2, 3]) {
        let pad = Pad(low: [0, 0], high: [0, 0], .edge)
        _ = try Tensor.recording(PadGradient(pad, of: Shape($0)), [x])
      } == 12)
  }
}
