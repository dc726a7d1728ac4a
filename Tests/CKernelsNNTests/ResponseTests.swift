import CKernels
import Foundation
import Testing

extension KernelSuite {
  @Suite struct Response {
    @Test(arguments: [(5, 0.75), (3, 0.5), (4, 1), (1, 0.75), (2, 0.6), (70, 0.75), (9, 1.3)])
    func acrossChannels(size: Int, beta: Double) {
      for (channels, positions) in [(1, 3), (7, 37), (96, 169)] {
        var numbers = Numbers(size + channels)
        let layout = Layout(batch: 2, channels: channels, block: 1, spatial: [1, 1, positions])
        let norm = fk_local_response(
          image: layout.image, size: Int64(size), alpha: 0.5, beta: Float(beta), k: 1.25)
        let x = numbers.normals(layout.count)
        let dy = numbers.normals(layout.count)
        var s = [Double](repeating: 1.25, count: x.count)
        var y: [Double] = []
        var dx = [Double](repeating: 0, count: x.count)
        func window(_ i: Int) -> [Int] {
          let c = i / positions % channels
          return (max(0, c - size / 2)...min(channels - 1, c + (size - 1) / 2)).map {
            i + ($0 - c) * positions
          }
        }
        for i in x.indices {
          for j in window(i) { s[i] += 0.5 / Double(size) * Double(x[j]) * Double(x[j]) }
          y.append(Double(x[i]) * pow(s[i], -beta))
        }
        for i in x.indices {
          dx[i] += Double(dy[i]) * pow(s[i], -beta)
          let slope = Double(dy[i]) * Double(x[i]) * -beta * pow(s[i], -beta - 1)
          for j in window(i) { dx[j] += slope * 0.5 / Double(size) * 2 * Double(x[j]) }
        }
        onEveryVariant {
          var found = [Float](repeating: 7, count: x.count)
          var gradient = found
          fk_local_response_norm(norm, x, &found)
          fk_local_response_norm_backward(norm, x, dy, &gradient)
          return [found, gradient]
        } check: { results, variant in
          #expect(distance(results[0], y) < 2e-6, "\(size) of \(channels) \(variant)")
          #expect(distance(results[1], dx) < 1e-5, "\(size) of \(channels) \(variant)")
        }
      }
    }
  }
}
