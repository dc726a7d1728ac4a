import Foundation
import FoveaTensor
import Testing

@Suite struct RefusalTests {
  @Test func namesTheCallersLine() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor(repeating: 1, shape: [2, 3])
      _ = x.reshaped(to: [4], file: "Model.swift", line: 17)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Model.swift:17: Fatal error: reshape: [2, 3] has 6 elements, [4] has 4"))
    #expect(!text.contains("while recording"))
  }

  @Test func namesTheLayersAndTheOutermostCall() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let outer = RecordingScope(name: "ResNet", file: "Main.swift", line: 29, parent: nil)
      let inner = RecordingScope(name: "Conv2D", file: "ResNet.swift", line: 3, parent: outer)
      RecordingScope.$current.withValue(inner) {
        let x = Tensor(repeating: 1, shape: [1, 4, 8, 8])
        _ = x.convolved(with: Tensor(repeating: 1, shape: [6, 3, 3, 3]))
      }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "Main.swift:29: Fatal error: convolution: image [1, 4, 8, 8] has 4 channels, filter "
          + "[6, 3, 3, 3] with 1 group(s) expects 3\n  while recording ResNet › Conv2D"))
  }

  @Test func badArgumentsOfFunctionsAreRefusedToo() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor(repeating: 1, shape: [2, 3])
      _ = x.sliced(axis: 1, from: .min, by: .max, file: "Model.swift", line: 5)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "Model.swift:5: Fatal error: slice: step must lie between 1 and 2147483647, or be the "
          + "negative of that, got 9223372036854775807"))
  }

  @Test func scopesNameTheirPath() {
    let outer = RecordingScope(name: "A", file: "A.swift", line: 1, parent: nil)
    let inner = RecordingScope(name: "B", file: "A.swift", line: 2, parent: outer)
    #expect(inner.path == "A › B")
    let x = RecordingScope.$current.withValue(inner) { Tensor(1) + 1 }
    #expect(x.node.scope?.path == "A › B")
  }
}
