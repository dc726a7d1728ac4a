/// Which pixels every window meets, axis by axis; what is outside the image is left out.
///
/// Convolution, pooling and patches differ only in what they do with a pixel.
package struct WindowTaps: Sendable {
  /// The taps of one window that fall inside the image, on one axis: consecutive taps, at equal
  /// distances in the image.
  package struct Run: Sendable {
    package var tap: Int
    package var position: Int
    package var count: Int
  }

  private struct Axis {
    var size = 1
    var kernel = 1
    var step = 1
    var runs = [Run(tap: 0, position: 0, count: 1)]
  }

  /// Always three: missing ones are axes of extent 1 in front.
  private var axes: [Axis]
  private let rank: Int

  private init(_ named: [Axis]) {
    rank = named.count
    axes = [Axis](repeating: Axis(), count: 3 - named.count) + named
  }

  /// How many windows there are.
  package var count: Int { axes.reduce(1) { $0 * $1.runs.count } }

  /// The windows along one axis.
  package func runs(axis: Int) -> [Run] { axes[3 - rank + axis].runs }

  /// Visits every pixel of every window, windows in row-major order and taps within a window too.
  /// All three numbers are positions in row-major order: of the image, the kernel, the windows.
  // Inlined, so that no closure is left in the innermost loop: twice as fast.
  @inline(__always)
  package func forEachTap(_ body: (_ position: Int, _ tap: Int, _ window: Int) -> Void) {
    let (a, b, c) = (axes[0], axes[1], axes[2])
    var window = 0
    for first in a.runs {
      for second in b.runs {
        for third in c.runs {
          for i in 0..<first.count {
            let row = (first.position + i * a.step) * b.size
            let tapRow = (first.tap + i) * b.kernel
            for j in 0..<second.count {
              var position = (row + second.position + j * b.step) * c.size + third.position
              var tap = (tapRow + second.tap + j) * c.kernel + third.tap
              for _ in 0..<third.count {
                body(position, tap, window)
                position += c.step
                tap += 1
              }
            }
          }
          window += 1
        }
      }
    }
  }
}

extension WindowTaps {
  /// Window `o` starts at `o · stride − low`, and its taps lie `dilation` apart.
  package init(
    size: [Int], kernel: [Int], windows: [Int], stride: Extents, dilation: Extents, low: Extents
  ) {
    self.init(
      size.indices.map { axis in
        Axis(
          size: size[axis], kernel: kernel[axis], step: dilation[axis],
          runs: (0..<windows[axis]).map { window in
            WindowTaps.run(
              from: window * stride[axis] - low[axis], size: size[axis], kernel: kernel[axis],
              step: dilation[axis])
          })
      })
  }

  /// As many windows as asked for, which together cover all of the image: window `o` of `m` reaches
  /// from `⌊o · size / m⌋` to `⌈(o + 1) · size / m⌉`.
  package init(size: [Int], adaptingTo windows: [Int]) {
    self.init(
      zip(size, windows).map { size, windows in
        Axis(
          size: size, kernel: size, step: 1,
          runs: (0..<windows).map { window in
            let start = window * size / windows
            let end = ((window + 1) * size + windows - 1) / windows
            return Run(tap: 0, position: start, count: end - start)
          })
      })
  }

  /// The taps inside, by arithmetic: a kernel may be far larger than the image.
  private static func run(from start: Int, size: Int, kernel: Int, step: Int) -> Run {
    let skipped = start >= 0 ? 0 : (step - 1 - start) / step
    let position = start + skipped * step
    guard skipped < kernel, position < size else { return Run(tap: 0, position: 0, count: 0) }
    let inside = (size - 1 - position) / step + 1
    return Run(tap: skipped, position: position, count: Swift.min(kernel - skipped, inside))
  }
}
