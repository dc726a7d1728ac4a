import FoveaCompiler
import FoveaTensor

/// What tells the network of a calibration from others.
struct NetworkDescription {
  let name: String
  let fingerprint: UInt64

  init(_ choice: QuantizationChoice, _ result: Tensor) {
    self.init(choice, layer: result.node.scope?.path)
  }

  init(_ choice: QuantizationChoice, _ graph: Graph) {
    self.init(choice, layer: graph.vertices.lazy.compactMap { $0.scope?.path }.first)
  }

  private init(_ choice: QuantizationChoice, layer path: String?) {
    let layer = path?.split(separator: "›").first.map { $0.filter { $0 != " " } } ?? "network"
    let count = choice.products.count
    // FNV-1a, Fowler, Noll and Vo, 1991: the same in every process.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in choice.products.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    fingerprint = hash
    let digits = String(hash, radix: 16)
    let padded = String(repeating: "0", count: 16 - digits.count) + digits
    name = "\(layer), \(count) product\(count == 1 ? "" : "s"), \(padded.prefix(8))"
  }
}
