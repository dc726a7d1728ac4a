import Foundation
import FoveaCommandKit
import FoveaRuntime

/// `fovea bench operators`: every convolution of a list, against the bare library.
struct OperatorBench {
  private let lines: [Line]
  private let batches: [Int]
  private let patience: Double
  private let isJSON: Bool

  /// A convolution and where it came from.
  private struct Line {
    let shape: ConvolutionShape
    let network: String
  }

  init(_ invocation: Invocation) throws {
    let isQuick = invocation[BenchVerb.quick]
    isJSON = invocation[BenchVerb.json]
    let isDefault = invocation.origin(of: BenchVerb.batch) == .standard
    batches = isDefault ? [1, 16] : [invocation[BenchVerb.batch]]
    patience = isQuick ? 10e6 : 40e6
    let all = try OperatorBench.lines(of: invocation[BenchVerb.files])
    lines = isQuick ? all.enumerated().filter { $0.offset % 10 == 0 }.map(\.element) : all
  }

  /// Every line of the files, each convolution once.
  private static func lines(of files: [String]) throws -> [Line] {
    var files = files
    if files.isEmpty {
      let folder = "Tests/Shapes"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      files = names.filter { $0.hasSuffix(".txt") }.sorted().map { "\(folder)/\($0)" }
      guard !files.isEmpty else {
        throw CommandFailure(
          .noInput, "there are no files \(folder)/*.txt below the present folder",
          hint: "run it in the folder of Fovea's sources, or name files after operators")
      }
    }
    var found: [Line] = []
    var seen: Set<ConvolutionShape> = []
    for file in files {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw CommandFailure(.noInput, "\(visible(file)) cannot be read")
      }
      let network = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
      let text = String(decoding: data, as: UTF8.self)
      let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        do {
          guard let shape = try ConvolutionShape(line: part) else { continue }
          if seen.insert(shape).inserted { found.append(Line(shape: shape, network: network)) }
        } catch {
          throw CommandFailure(
            .dataError, "\(visible(file)), line \(index + 1): \(visible("\(error)"))")
        }
      }
    }
    return found
  }

  func report(_ console: Console) throws -> ExitCode {
    let peak = ConvolutionBenchmark.peak()
    var rows: [JSONValue] = []
    var logarithms = 0.0
    var (worst, worstLine, beyond) = (0.0, "", 0)
    if !isJSON {
      try console.output(
        "multiply-add peak \(Self.text(peak, 0)) GFLOP/s\n"
          + "    plan µs     bare µs  ratio   GFLOP/s   of peak\n")
    }
    for line in lines {
      for batch in batches {
        for pass in ConvolutionBenchmark.Pass.allCases {
          let result = try ConvolutionBenchmark(line.shape, pass, batch: batch)
            .run(patience: patience)
          let name = "\(line.network): \(line.shape), \(pass.rawValue), batch \(batch)"
          logarithms += log(result.ratio)
          if result.ratio > 1.15 { beyond += 1 }
          if result.ratio > worst { (worst, worstLine) = (result.ratio, name) }
          rows.append(Self.row(line.network, line.shape, pass, batch, result, peak))
          if !isJSON { try console.output(Self.text(result, peak, name)) }
        }
      }
    }
    let mean = exp(logarithms / Double(max(rows.count, 1)))
    if isJSON {
      let object = JSONValue.object([
        JSONField("schema", "fovea.bench.operators/1"), JSONField("peakGFLOPS", .number(peak)),
        JSONField("count", .integer(rows.count)), JSONField("geometricMean", .number(mean)),
        JSONField("worst", .number(worst)), JSONField("above1.15", .integer(beyond)),
        JSONField("lines", .array(rows)),
      ])
      try console.output(object.line + "\n")
    } else {
      try console.output(
        "\(rows.count) measurements, geometric mean \(Self.text(mean, 3)), \(beyond) above 1.15\n"
          + "worst \(Self.text(worst, 3)): \(worstLine)\n")
    }
    return .success
  }
}

extension OperatorBench {
  private static func row(
    _ network: String, _ shape: ConvolutionShape, _ pass: ConvolutionBenchmark.Pass, _ batch: Int,
    _ result: ConvolutionBenchmark.Result, _ peak: Double
  ) -> JSONValue {
    .object([
      JSONField("network", .string(network)), JSONField("convolution", .string("\(shape)")),
      JSONField("pass", .string(pass.rawValue)), JSONField("batch", .integer(batch)),
      JSONField("planMicroseconds", .number(result.planTime / 1e3)),
      JSONField("bareMicroseconds", .number(result.bareTime / 1e3)),
      JSONField("ratio", .number(result.ratio)), JSONField("GFLOPS", .number(result.speed)),
      JSONField("shareOfPeak", .number(result.speed / peak)),
      JSONField("planKernel", .string(result.planKernel)),
      JSONField("bareKernel", .string(result.bareKernel)),
    ])
  }

  private static func text(
    _ result: ConvolutionBenchmark.Result, _ peak: Double, _ name: String
  ) -> String {
    let kernels =
      result.planKernel == result.bareKernel
      ? result.planKernel : "\(result.planKernel) (bare: \(result.bareKernel))"
    let columns = [
      (text(result.planTime / 1e3, 1), 11), (text(result.bareTime / 1e3, 1), 12),
      (text(result.ratio, 3), 7), (text(result.speed, 1), 10),
      (text(result.speed / peak * 100, 0) + "%", 10),
    ]
    let numbers = columns.map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }
    return numbers.joined() + "   \(name)   \(kernels)\n"
  }

  private static func text(_ number: Double, _ digits: Int) -> String {
    NumberText.fixed(number, digits)
  }
}
