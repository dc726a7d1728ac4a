import FoveaCommandKit

/// `fovea convert`, as the table describes it.
enum ConvertVerb {
  static let input = Argument(
    "IN", kind: .file, help: "weights: safetensors, or what PyTorch saves (.pth, .pt, .bin)")
  static let result = Argument(
    "OUT", kind: .file, count: .optional(default: nil),
    help: "the safetensors file to write; may be left out with --list")
  static let dtype = Option.choice(
    "dtype", placeholder: "TYPE", among: ["same", "f32", "f16", "bf16"], default: "same",
    help: "the type of all numbers with a fraction")
  static let list = Option.flag("list", help: "print name, type and shape of every tensor")
  static let json = Option.flag("json", help: "one JSON object on standard output")

  static let command = Command(
    "convert", summary: "turn weights of others into safetensors",
    discussion: """
      Reads a file by its content, whatever its name is, and writes all of its tensors. \
      No code in the file runs: of a pickle, only tensors and plain values are understood. \
      OUT appears when it is complete; until then whatever was there stays.
      """,
    arguments: [input, result],
    options: [dtype, list, json],
    examples: [
      Example("fovea convert resnet18.pth resnet18.safetensors", "from PyTorch"),
      Example("fovea convert big.safetensors small.safetensors --dtype f16", "half as large"),
      Example("fovea convert resnet18.pth --list", "what is in it?"),
    ])
}
