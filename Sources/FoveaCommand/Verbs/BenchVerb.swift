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
  static let optimizer = Option.choice(
    "optimizer", placeholder: "NAME", among: ["sgd", "adam", "adamw", "rmsprop"], default: "sgd",
    help: "the optimizer of the training steps")
  static let dtype = PrecisionName.dtype
  static let threads = Option.optionalInteger(
    "threads", short: "t", placeholder: "N", in: 1...1024, environment: "FOVEA_THREADS",
    help: "threads to compute with; when left out, one per core")
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
      Close other programs first: the medians are shown, but a busy machine still shows in them.
      """,
    arguments: [subject, files],
    options: [batch, training, optimizer, dtype, threads, quick, json, serve],
    examples: [
      Example("fovea bench operators", "every convolution of eleven well-known networks"),
      Example("fovea bench overhead", "recording a training step of ResNet-50, and running plans"),
      Example("fovea bench lenet5 --training --batch 64", "a training step of LeNet-5"),
      Example("fovea bench resnet50 --batch 16 --dtype bf16", "16 bits where 32 are not needed"),
      Example("fovea bench resnet50 --dtype int8", "8 bits, calibrated on its random pictures"),
    ])
}
