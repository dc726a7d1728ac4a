/// Which kernel computes what: what a run used, so that it can be used again.
///
/// Two measurements may prefer different kernels, and different kernels round differently. A run that
/// is resumed therefore brings the choices it was started with:
///
///     let choices = KernelChoices.used
///     // … in another process:
///     KernelPolicy.current.imposed = choices
public struct KernelChoices: Hashable, Sendable {
  /// The kernel's name by the description of the work.
  public private(set) var kernels: [String: String]
  /// Plans are looked up under their policy in every step; comparing this is enough nearly always.
  private var fingerprint: Int

  public init(_ kernels: [String: String] = [:]) {
    self.kernels = kernels
    fingerprint = kernels.hashValue
  }

  /// The kernel for some work, if one was chosen.
  public subscript(work: String) -> String? { kernels[work] }

  public static func == (left: KernelChoices, right: KernelChoices) -> Bool {
    left.fingerprint == right.fingerprint && left.kernels == right.kernels
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

  /// These choices, and the others' where these have none.
  public func merged(with others: KernelChoices) -> KernelChoices {
    KernelChoices(kernels.merging(others.kernels) { mine, _ in mine })
  }

  /// The kernels of every plan this process has made so far.
  public static var used: KernelChoices { Engine.kernelChoices }
}

extension KernelChoices {
  /// Whether there is a kernel of that name in this version.
  public static func knows(_ kernel: String) -> Bool { ConvolutionKernel(kernel) != nil }

  /// What choices hold for: processor, instructions, threads, and the version of the library.
  public static var machine: String { Machine.description }
}

extension KernelChoices: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode([String: String].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(kernels)
  }
}
