/// What a file is by its first bytes.
enum FileKind {
  case safetensors
  case zip
  case torchLegacy
  /// Something known that holds no weights Fovea reads: what it is, and what to do about it.
  case other(String, hint: String)
  case unknown

  private static let torchMagic: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]
  private static let inPython =
    "convert it in Python: safetensors.torch.save_file(state_dict, “weights.safetensors”)"
  private static let others: [(beginning: [UInt8], name: String, hint: String)] = [
    (Array("\u{89}HDF".unicodeScalars.map { UInt8($0.value) }), "an HDF5 file", inPython),
    ([0x93] + Array("NUMPY".utf8), "a NumPy array", inPython),
    ([0x1F, 0x8B], "a gzip file", "decompress it first"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer", "get the file: git lfs pull"),
    (Array("<!DOCTYPE".utf8), "a web page", "download the file itself"),
    (Array("<html".utf8), "a web page", "download the file itself"),
    (Array("7767517".utf8), "an ncnn network", inPython),
  ]

  init(_ file: ByteRange) {
    func begins(with beginning: [UInt8]) -> Bool {
      file.count >= beginning.count && beginning.indices.allSatisfy { file[$0] == beginning[$0] }
    }
    let start = (try? file.slice(min(64, file.count), at: 0, of: "the beginning"))?.array ?? []
    if file.count > 8, file[8] == UInt8(ascii: "{") {
      self = .safetensors
    } else if begins(with: [0x50, 0x4B, 3, 4]) || begins(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if file.count > 2, file[0] == 0x80, start.firstRange(of: FileKind.torchMagic) != nil {
      self = .torchLegacy
    } else if let other = FileKind.others.first(where: { begins(with: $0.beginning) }) {
      self = .other(other.name, hint: other.hint)
    } else if file.count > 2, file[0] == 0x80, file[1] <= 5 {
      self = .other(
        "a pickle that is not PyTorch's",
        hint: "in Python: torch.save(state_dict, “weights.pth”)")
    } else {
      self = .unknown
    }
  }

  func read(_ file: ByteRange, _ limits: ReadLimits) throws(FileError) -> Weights {
    switch self {
    case .safetensors:
      var reader = SafetensorsReader(file, limits)
      return try reader.read()
    case .zip: return try TorchZipReader.read(file, limits)
    case .torchLegacy: return try TorchLegacyReader.read(file, limits)
    case .other(let name, let hint):
      throw file.error(at: 0, found: name, expected: FileKind.expected, hint: hint)
    case .unknown:
      var found = "an empty file"
      if file.count > 0 {
        let start = (0..<min(8, file.count)).map { index in
          let digits = String(file[index], radix: 16)
          return digits.count == 1 ? "0" + digits : digits
        }
        found = "a file of \(file.count) bytes that begins with " + start.joined(separator: " ")
      }
      throw file.error(at: 0, found: found, expected: FileKind.expected)
    }
  }

  private static let expected = "weights as safetensors or as PyTorch saves them"
}
