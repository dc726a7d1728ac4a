import CKernels
import COneDNN

/// What the engine knows about itself and the machine: `fovea doctor` prints it, and a bug report
/// should hold it.
public struct EngineFacts: Hashable, Sendable {
  /// The version of oneDNN that is loaded, such as `2.6.3`.
  public let libraryVersion: String
  /// The instruction set oneDNN computes with, such as `avx512_core_bf16`.
  public let libraryInstructions: String
  /// The variant of Fovea's own kernels: `avx512`, `avx2` or `portable`.
  public let kernelVariant: String
  /// Whether the processor multiplies bfloat16.
  public let hasBFloat16: Bool
  /// How many threads plans compute with.
  public let threads: Int
  /// The limit that was set, in bytes; `nil` for what is free.
  public let memoryLimit: Int?
  /// Bytes a plan may take now.
  public let allowedMemory: Int
  /// Bytes of cache: of one core, and as one core sees what cores share.
  public let cacheSizes: [Int]
  /// When kernels are measured.
  public let tuning: KernelPolicy.Tuning
  /// The file that remembers measured kernels; `nil` when there is no place for it.
  public let kernelFile: String?
  /// How many measurements of this machine it holds.
  public let measuredKernels: Int
  /// How many plans this process remembers.
  public let plans: Int
  /// Bytes of memory the plans of this process share for intermediate results.
  public let arenaByteCount: Int

  /// The facts of this moment.
  public static var current: EngineFacts {
    let remembered = Engine.remembered
    return EngineFacts(
      libraryVersion: Machine.libraryVersion,
      libraryInstructions: String(cString: odn_instructions()),
      kernelVariant: KernelVariant.best.rawValue,
      hasBFloat16: fk_cpu_has_bf16() != 0,
      threads: Threads.count,
      memoryLimit: MemoryLimit.bytes,
      allowedMemory: MemoryLimit.allowed,
      cacheSizes: [Int(fk_cpu_level2_bytes()), Int(fk_cpu_level3_bytes())],
      tuning: KernelPolicy.current.tuning,
      kernelFile: KernelCache.shared.path,
      measuredKernels: KernelCache.shared.count,
      plans: remembered.plans,
      arenaByteCount: remembered.arena)
  }
}
