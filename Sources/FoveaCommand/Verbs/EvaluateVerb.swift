import FoveaCommandKit

/// `fovea evaluate`, as the table describes it.
enum EvaluateVerb {
  static let data = Argument(
    "DATA", kind: .folder, help: "a folder with a folder of pictures for each class")
  static let model = Option.optionalText(
    "model", short: "m", kind: .file, placeholder: "MODEL",
    help: "a file with weights, as safetensors or as PyTorch saves them")
  static let batch = Option.integer(
    "batch", short: "b", placeholder: "N", in: 1...4096, default: 16,
    help: "pictures per pass")
  static let dtype = PrecisionName.dtype
  static let calibrate = PrecisionName.calibrate
  static let json = Option.flag("json", help: "one JSON object on standard output")
  static let quiet = Option.flag("quiet", short: "q", help: "no progress, only the result")

  static let command = Command(
    "evaluate", summary: "measure how often a network is right",
    discussion: """
      Class folders are matched with the names of the network's classes, or by their order where none \
      is called so and there are as many. In a folder that holds test, val or train, test is taken, \
      else val. Pictures that cannot be read are named and passed over; the command ends with 65 then. \
      In bf16 and int8, each picture is also computed in f32, and both are compared.
      """,
    arguments: [data],
    options: [model, batch, dtype, calibrate, json, quiet] + EngineOptions.all,
    examples: [
      Example("fovea evaluate flowers/ -m flowers.safetensors", "accuracy, classes, confusions"),
      Example("fovea evaluate flowers/ -m flowers.safetensors --json", "all of it, for a script"),
      Example(
        "fovea evaluate flowers/ -m net.pth --dtype int8 --calibrate flowers/train",
        "what 8 bits cost"),
    ])
}
