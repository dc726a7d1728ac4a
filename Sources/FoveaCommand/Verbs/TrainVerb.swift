import FoveaCommandKit

/// `fovea train`, as the table describes it.
enum TrainVerb {
  static let data = Argument(
    "DATA", kind: .choice(["digits"]), count: .optional(default: "digits"),
    help: "what to learn from; digits are drawn by Fovea itself")
  static let model = Option.choice(
    "model", short: "m", placeholder: "MODEL", among: ["lenet5"], default: "lenet5",
    help: "the network to train")
  static let epochs = Option.integer(
    "epochs", short: "e", placeholder: "N", in: 1...100_000, default: 5,
    help: "passes over the training data")
  static let batch = Option.integer(
    "batch", short: "b", placeholder: "N", in: 1...65_536, default: 64,
    help: "pictures per training step")
  static let learningRate = Option.optionalNumber(
    "lr", placeholder: "RATE", in: .above(0, through: 100),
    help: "the learning rate; when left out, the usual one of the optimizer")
  static let optimizer = Option.choice(
    "optimizer", placeholder: "NAME", among: ["sgd", "adam", "adamw", "rmsprop"],
    default: "adam", help: "how weights follow their gradients")
  static let precision = Option.choice(
    "precision", placeholder: "TYPE", among: PrecisionName.trainable, default: "f32",
    help: "the numbers that convolutions and matrix products multiply; weights are always f32")
  static let seed = Option.integer(
    "seed", placeholder: "N", in: 0...Int.max, default: 0, environment: "FOVEA_SEED",
    help: "the same seed gives the same run")
  static let minutes = Option.optionalNumber(
    "minutes", placeholder: "N", in: .above(0, through: 525_600),
    help: "stop after this time")
  static let json = Option.flag("json", help: "one JSON object per epoch on standard output")
  static let quiet = Option.flag("quiet", short: "q", help: "no progress, only the result")

  static let command = Command(
    "train", summary: "train a network",
    discussion: """
      Without arguments it trains LeNet-5 on handwritten digits that Fovea draws itself, which needs \
      no files and takes less than a minute.
      """,
    arguments: [data],
    options: [
      model, epochs, batch, learningRate, optimizer, precision, seed, minutes, json, quiet,
    ] + EngineOptions.all,
    examples: [
      Example("fovea train", "LeNet-5 on digits that Fovea draws itself"),
      Example("fovea train digits --optimizer sgd --lr 0.05 --epochs 3", "with other settings"),
      Example("fovea train --json --quiet > run.jsonl", "one JSON object per epoch, for a script"),
      Example("fovea train --save-kernels run.kernels", "to repeat the run to the bit"),
    ])
}
