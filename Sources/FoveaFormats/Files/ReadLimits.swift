/// What a file may ask of the one who reads it, whatever it claims about itself.
public struct ReadLimits: Hashable, Sendable {
  /// Bytes that a file may have, and that all of its numbers together may take.
  public var bytes: Int
  /// How many times larger than the file its numbers may be; smaller files get ``allowance``.
  public var expansion: Int
  /// Bytes that are granted to any file on top.
  public var allowance: Int
  /// How many things a file may hold: tensors, parts of an archive, objects of a pickle.
  public var entries: Int
  /// How many axes a tensor may have.
  public var rank: Int

  public init(
    bytes: Int = 1 << 40, expansion: Int = 16, allowance: Int = 1 << 20,
    entries: Int = 1_000_000, rank: Int = 64
  ) {
    self.bytes = bytes
    self.expansion = expansion
    self.allowance = allowance
    self.entries = entries
    self.rank = rank
  }

  /// Numbers of at most sixteen times the size of the file, and a million entries.
  public static let `default` = ReadLimits()
}
