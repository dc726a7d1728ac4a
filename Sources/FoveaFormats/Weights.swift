public import FoveaTensor

/// Named tensors from a file, or for one.
///
/// ```swift
/// let weights = try Weights.read("resnet18.pth")
/// try model.load(weights.tensors)
/// ```
public struct Weights: Sendable {
  /// The tensors by their published names; numbers stay where they were read to until they are used.
  public var tensors: [String: Tensor]
  /// What else the file says, as text.
  public var metadata: [String: String]
  public let format: WeightFormat
  /// What a person should know about the reading: what was chosen, renamed or left out.
  public var notes: [String]

  /// Tensors that are to be written.
  public init(_ tensors: [String: Tensor], metadata: [String: String] = [:]) {
    self.init(tensors, metadata: metadata, format: .safetensors, notes: [])
  }

  init(
    _ tensors: [String: Tensor], metadata: [String: String], format: WeightFormat, notes: [String]
  ) {
    self.tensors = tensors
    self.metadata = metadata
    self.format = format
    self.notes = notes
  }
}

extension Weights {
  /// Reads a file of any known format, which is recognised by its content and not by its name.
  ///
  /// No code in the file runs, and nothing is allocated that the file merely claims.
  public static func read(
    _ path: String, limits: ReadLimits = .default
  ) throws(FileError) -> Weights {
    let file = ByteRange(try FileMemory.read(path, limits))
    return try FileKind(file).read(file, limits)
  }

  /// Reads the bytes of such a file; `name` is what errors call it.
  public static func decode(
    _ bytes: [UInt8], named name: String, limits: ReadLimits = .default
  ) throws(FileError) -> Weights {
    let file = ByteRange(try FileMemory.copy(bytes, named: name))
    return try FileKind(file).read(file, limits)
  }

  /// Writes a safetensors file, all or nothing: whatever was at `path` stays until the new file is
  /// complete.
  public func write(_ path: String) throws(FileError) {
    try SafetensorsWriter.write(self, to: path)
  }
}
