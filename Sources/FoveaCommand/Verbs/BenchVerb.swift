import FoveaCommandKit

/// `fovea bench`, as the table describes it.
enum BenchVerb {
  static let subject = Argument(
    "WHAT", kind: .file,
    help: "a network or a file with weights to time, or the word operators or overhead")
  static let files = Argument(
    "FILE", kind: .file, count: .many(minimum: 0),
    help: "after operators: files with one convolution per line; when left out, Tests/Shapes/*.txt")
  static let batch = Option.integer(
    "batch", short: "b", placeholder: "N", in: 1...65_536, default: 1,
    help: "pictures per pass")
  static let training = Option.flag("training", help: "time training steps instead of inference")
  static let inference = Option.flag(
    "inference", help: "time inference, as when nothing is said")
  static let layers = Option.flag(
    "layers", help: "every step of the plan: its layer, kernel, time, and what bounds it")
  static let optimizer = Option.choice(
    "optimizer", placeholder: "NAME", among: ["sgd", "adam", "adamw", "rmsprop"], default: "sgd",
    help: "the optimizer of the training steps")
  static let dtype = PrecisionName.dtype
  static let seconds = Option.optionalNumber(
    "seconds", placeholder: "N", in: .above(0, through: 3600),
    help: "how long to measure a network; 3 when left out")
  static let json = Option.flag("json", help: "one JSON object on standard output")
  static let serve = Option.flag(
    "serve", help: "answer each line K of standard input with the milliseconds of K passes")

  static let quick = Option.flag(
    "quick", help: "with operators: every tenth line, with less patience")

  static let command = Command(
    "bench", summary: "measure speed",
    discussion: """
      Times a network; or single convolutions against the bare library below Fovea in the same run; \
      or what Fovea itself takes of a training step and of each step of a plan. \
      Close other programs first: the medians are shown, but a busy machine still shows in them. \
      Speeds are shares of what the processor multiplies and adds in registers alone, measured in the \
      same run. With --layers, each step of the plan is compared with the least time it could take: \
      that of its multiplications, or of reading and writing everything once. What takes more than \
      four times as long as either is called overhead.
      """,
    arguments: [subject, files],
    options: [
      batch, training, inference, layers, optimizer, dtype, seconds, quick, json, serve,
    ] + EngineOptions.all,
    examples: [
      Example("fovea bench resnet50 --batch 16 --dtype bf16", "16 bits where 32 are not needed"),
      Example("fovea bench resnet50 --layers", "where the time goes, and what bounds it"),
      Example("fovea bench flowers.safetensors --threads 1", "a network with weights of its own"),
      Example("fovea bench lenet5 --training --batch 64", "a training step of LeNet-5"),
      Example("fovea bench operators", "every convolution of eleven well-known networks"),
      Example("fovea bench overhead", "recording a training step of ResNet-50, and running plans"),
      Example("fovea bench resnet50 --dtype int8", "8 bits, calibrated on its random pictures"),
    ])
}
