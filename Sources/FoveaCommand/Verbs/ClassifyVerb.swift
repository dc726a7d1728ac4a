import FoveaCommandKit

/// `fovea classify`, as the table describes it.
enum ClassifyVerb {
  static let pictures = Argument(
    "PICTURE", kind: .file, count: .many(minimum: 1),
    help: "JPEG, PNG, BMP, PPM or PGM files, or folders of them")
  static let model = Option.optionalText(
    "model", short: "m", kind: .file, placeholder: "MODEL",
    help: "a file with weights, as safetensors or as PyTorch saves them")
  static let top = Option.optionalInteger(
    "top", placeholder: "N", in: 1...1_000_000,
    help: "answers per picture; when left out, 5 for one picture and 1 for several")
  static let dtype = PrecisionName.dtype
  static let calibrate = PrecisionName.calibrate
  static let json = Option.flag("json", help: "one JSON object on standard output")

  static let command = Command(
    "classify", summary: "say what is in pictures",
    discussion: """
      Which network the weights belong to is read from the file or recognised by their names and \
      shapes, and pictures are prepared as that network wants them. Into a pipe, each answer is a line \
      of file, class and percentage, with tabs between. Files that cannot be used are named and passed \
      over; the command ends with 65 then, or with 66 if they were only missing.
      """,
    arguments: [pictures],
    options: [model, top, dtype, calibrate, json] + EngineOptions.all,
    examples: [
      Example("fovea classify cat.jpg -m resnet50.pth", "the five most likely classes"),
      Example("fovea classify holiday/ -m resnet50.pth", "one line for each picture of a folder"),
      Example("fovea classify *.jpg -m net.safetensors --json", "all of it, for a script"),
      Example(
        "fovea classify new/ -m resnet50.pth --dtype int8 --calibrate old/", "in 8 bits, faster"),
    ])
}
