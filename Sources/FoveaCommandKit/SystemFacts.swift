/// What can be said about the machine without the engine.
public struct SystemFacts: Sendable, Equatable {
  /// The name of the processor.
  public var processor = "unknown"
  /// The number of hardware threads this process may use.
  public var threads = 1
  /// The number of physical cores, if known.
  public var cores: Int?
  /// The instruction set extensions that matter to convolution, such as `avx512f`.
  public var features: [String] = []
  /// Bytes of memory in the machine.
  public var memory: Int?
  /// Bytes of memory that can be used without swapping.
  public var availableMemory: Int?
  /// Bytes of memory this process is held to by a control group, if it is.
  public var memoryLimit: Int?
  /// The operating system and its version.
  public var system = "unknown"
  /// The architecture this program was built for.
  public var architecture = SystemFacts.builtFor

  /// Facts to be filled in.
  public init() {}

  private static var builtFor: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }
}
