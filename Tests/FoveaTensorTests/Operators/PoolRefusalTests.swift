import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct PoolRefusalTests {
  static func zeros(_ shape: Shape, _ type: ElementType = .float32) -> Tensor {
    Tensor(repeating: 0, shape: shape, as: type)
  }

  static func geometry(
    _ kernel: Extents = [2, 2], _ stride: Extents = [2, 2], _ dilation: Extents = [1, 1],
    _ low: Extents = [0, 0], _ high: Extents = [0, 0], ceil: Bool = false
  ) -> PoolGeometry {
    PoolGeometry(
      kernel: kernel, stride: stride, dilation: dilation, low: low, high: high, ceil: ceil)
  }

  static func refused(
    _ operation: some Operator, _ reason: String, _ operands: Tensor...
  ) -> RefusalCase {
    RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
  }

  static let x = zeros([1, 2, 6, 6])
  static let indices = zeros([1, 2, 3, 3], .int32)

  static let geometries: [RefusalCase] = {
    let reasons: [(PoolGeometry, String)] = [
      (geometry([2]), "kernel [2] names 1 axes, the image has 2 spatial axes"),
      (geometry([2, 2], [1]), "stride [1] names 1 axes, the image has 2 spatial axes"),
      (geometry([0, 2]), "kernel must lie between 1 and 2147483647, got 0 on axis 0"),
      (geometry([2, 2], [1, -1]), "stride must lie between 1 and 2147483647, got -1 on axis 1"),
      (
        geometry([2, 2], [1, 1], [1 << 31, 1]),
        "dilation must lie between 1 and 2147483647, got 2147483648 on axis 0"
      ),
      (
        geometry([2, 2], [1, 1], [1, 1], [0, -1]),
        "low padding must lie between 0 and 2147483647, got -1 on axis 1"
      ),
      (
        geometry([2, 2], [1, 1], [1, 1], [0, 0], [.min, 0]),
        "high padding must lie between 0 and 2147483647, got -9223372036854775808 on axis 0"
      ),
      (
        geometry([7, 2]),
        "kernel 7 with dilation 1 spans 7 elements of spatial axis 0, the padded image has 6"
      ),
      (
        geometry([1 << 30, 1 << 30]),
        "a window [1073741824, 1073741824] has more than 70368744177664 elements"
      ),
    ]
    return reasons.flatMap { geometry, reason in
      [
        refused(MaxPool(geometry), reason, x), refused(AveragePool(geometry), reason, x),
        refused(Patches(geometry), reason, x),
      ]
    }
  }()

  static let others: [RefusalCase] = [
    refused(MaxPool(geometry()), "takes 1 operand(s), got 2", x, x),
    refused(
      MaxPool(geometry()), "takes numbers, got bool[1, 2, 6, 6]; cast it first",
      zeros([1, 2, 6, 6], .bool)),
    refused(
      MaxPool(geometry([1, 1], [1 << 16, 1 << 16])),
      "a plane of [1, 1, 65536, 65536] has 4294967296 elements, more than an index of 32 bits can "
        + "name", zeros([1, 1, 1 << 16, 1 << 16])),
    refused(
      MaxPool(geometry()), "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got [2, 6]",
      zeros([2, 6])),
    refused(
      AveragePool(geometry()), "takes floating-point numbers, got int8[1, 2, 6, 6]; cast it first",
      zeros([1, 2, 6, 6], .int8)),
    refused(
      AveragePool(geometry(), divisor: 0), "divisor must lie between 1 and 2147483647, got 0", x),
    refused(
      AveragePoolGradient(of: AveragePool(geometry()), image: [1, 2, 6, 6]),
      "an image [1, 2, 6, 6] is pooled to float32[1, 2, 3, 3], not to float32[1, 2, 3, 2]",
      zeros([1, 2, 3, 2])),
    refused(
      AveragePoolGradient(of: AveragePool(geometry()), image: [1, 2, 0, 6]),
      "would give [1, 2, 0, 6]: axis 2 has 0 elements, at least 1 is needed", zeros([1, 2, 3, 3])),
    refused(
      AdaptiveAveragePool(to: [3]), "output [3] names 1 axes, the image has 2 spatial axes", x),
    refused(
      AdaptiveAveragePool(to: [3, 0]),
      "output extent must lie between 1 and 2147483647, got 0 on axis 1", x),
    refused(
      AdaptiveAveragePool(to: [3, 3]),
      "takes floating-point numbers, got int32[1, 2, 6, 6]; cast it first",
      zeros([1, 2, 6, 6], .int32)),
    refused(
      AdaptiveAveragePool(to: [1 << 31 - 1, 1 << 31 - 1]),
      "would give [1, 2, 2147483647, 2147483647]: more than the 70368744177664 elements of the "
        + "largest tensor", x),
    refused(
      AdaptiveAveragePoolGradient(image: [1, 3, 6, 6]),
      "windows [1, 2, 3, 3] and image [1, 3, 6, 6] must agree in batch, channels and rank",
      zeros([1, 2, 3, 3])),
    refused(
      AdaptiveMaxPool(to: [3, -1]),
      "output extent must lie between 1 and 2147483647, got -1 on axis 1", x),
    refused(
      AdaptiveMaxPool(to: [3, 3, 3]), "output [3, 3, 3] names 3 axes, the image has 2 spatial axes",
      x),
    refused(
      PoolScatter(image: [1, 2, 6, 6]), "takes int32 or int64 indices, got float32[1, 2, 3, 3]",
      zeros([1, 2, 3, 3]), zeros([1, 2, 3, 3])),
    refused(
      PoolScatter(image: [1, 2, 6, 6]),
      "numbers [1, 2, 3, 2] and indices [1, 2, 3, 3] must have one shape", zeros([1, 2, 3, 2]),
      indices),
    refused(
      PoolScatter(image: [1, 3, 6, 6]),
      "windows [1, 2, 3, 3] and image [1, 3, 6, 6] must agree in batch, channels and rank",
      zeros([1, 2, 3, 3]), indices),
    refused(
      PoolScatter(image: [1, 2, 6, -6]),
      "would give [1, 2, 6, -6]: axis 3 has -6 elements, at least 1 is needed",
      zeros([1, 2, 3, 3]), indices),
    refused(PoolGather(), "takes 2 operand(s), got 1", x),
    refused(
      PoolGather(), "takes int32 or int64 indices, got bool[1, 2, 3, 3]", x,
      zeros([1, 2, 3, 3], .bool)),
    refused(
      PoolGather(),
      "windows [1, 2, 3] and image [1, 2, 6, 6] must agree in batch, channels and rank",
      x, zeros([1, 2, 3], .int64)),
    refused(
      PoolGather(), "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got [1, 2]",
      zeros([1, 2]), zeros([1, 2], .int64)),
    refused(
      Patches(geometry()), "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got [6, 6]",
      zeros([6, 6])),
    refused(
      PatchesAdjoint(geometry(), image: [1, 2, 6, 6]),
      "an image [1, 2, 6, 6] has patches [1, 8, 9], not [1, 8, 8]", zeros([1, 8, 8])),
    refused(
      PatchesAdjoint(geometry(), image: [1, 2, 6, 6]),
      "takes floating-point numbers, got int32[1, 8, 9]; cast it first", zeros([1, 8, 9], .int32)),
    refused(
      PatchesAdjoint(geometry(), image: [1, 2, .max, 6]),
      "would give [1, 2, 9223372036854775807, 6]: axis 2 exceeds the largest extent, 2147483647",
      zeros([1, 8, 9])),
    RefusalCase(
      "patches adjoint", "columns [1, 9, 9] have 9 rows, which a kernel [2, 2] does not divide"
    ) { _ = try fold([1, 9, 9]) },
    RefusalCase("patches adjoint", "takes columns [N, C · K, L], got [8, 9]") {
      _ = try fold([8, 9])
    },
  ]

  static func fold(
    _ columns: Shape, to size: Extents = [6, 6], kernel: Extents = [2, 2], stride: Extents = 2,
    padding: Padding = .valid, dilation: Extents = 1
  ) throws -> Tensor {
    let fold = try PatchesAdjoint(
      folding: columns, to: size, kernel: kernel, stride: stride, padding: padding,
      dilation: dilation)
    return try .recording(fold, [zeros(columns)])
  }

  @Test(arguments: geometries + others) func refuses(_ test: RefusalCase) {
    #expect(test.failure() == nil)
  }

  @Test func countsItsCases() {
    #expect(Self.geometries.count == 27)
    #expect(Self.others.count == 29)
  }

  @Test func hostileGeometry() {
    for ceil in [false, true] {
      var counts: [Int] = []
      let operators: [@Sendable (PoolGeometry) -> any Operator] = [
        { MaxPool($0) }, { AveragePool($0) }, { Patches($0) },
      ]
      for operation in operators {
        for padding in [nil, .same, .full] as [Padding?] {
          let report = HostileIntegers.tries(usual: [2, 2, 1, 0, 0]) {
            let geometry = try PoolGeometry(
              "pool", image: [1, 2, 6, 6], kernel: [$0[0], 2], stride: [$0[1], 1],
              padding: padding ?? .sides(low: [$0[3], 0], high: [$0[4], 0]),
              dilation: [$0[2], 1], ceil: ceil)
            _ = try Tensor.recordingAll(operation(geometry), [Self.x])
          }
          #expect(report.failures == [])
          #expect(report.count == 30)
          counts.append(report.refused)
        }
      }
      #expect(counts.allSatisfy { $0 >= 13 })
    }
  }

  @Test func hostileFolding() {
    let report = HostileIntegers.tries(usual: [6, 2, 2, 1, 0]) {
      _ = try Self.fold(
        [1, 8, 9], to: [$0[0], 6], kernel: [$0[1], 2], stride: [$0[2], 2],
        padding: .symmetric([$0[4], 0]), dilation: [$0[3], 1])
    }
    #expect(report.failures == [])
    #expect(report.count == 30)
    #expect(report.refused == 29)
  }

  @Test func hostileExtents() {
    for index in 0..<4 {
      let report = HostileIntegers.tries(usual: [1, 2, 6, 6]) {
        let image = Shape($0)
        let g = Self.zeros([1, 2, 3, 3])
        switch index {
        case 0:
          _ = try Tensor.recording(
            AveragePoolGradient(of: AveragePool(Self.geometry()), image: image), [g])
        case 1: _ = try Tensor.recording(PoolScatter(image: image), [g, Self.indices])
        case 2: _ = try Tensor.recording(AdaptiveAveragePoolGradient(image: image), [g])
        default:
          _ = try Tensor.recording(
            PatchesAdjoint(Self.geometry(), image: image), [Self.zeros([1, 8, 9])])
        }
      }
      #expect(report.failures == [])
      #expect(report.count == 24)
      // A scattered or adapted image may have any spatial extents that exist.
      #expect(report.refused == (index == 1 || index == 2 ? 22 : 24))
    }
    let adaptive = HostileIntegers.tries(usual: [3, 3]) {
      _ = try Tensor.recording(AdaptiveAveragePool(to: Extents($0)), [Self.x])
      _ = try Tensor.recordingAll(AdaptiveMaxPool(to: Extents($0)), [Self.x])
    }
    #expect(adaptive.failures == [])
    #expect(adaptive.refused == 10)
    let divisor = HostileIntegers.tries(usual: [1]) {
      _ = try Tensor.recording(AveragePool(Self.geometry(), divisor: $0[0]), [Self.x])
    }
    #expect(divisor.failures == [])
    #expect(divisor.refused == 5)
  }
}
