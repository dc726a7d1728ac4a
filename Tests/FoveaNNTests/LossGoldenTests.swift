import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaNN

/// PyTorch's losses, their gradients, and the gradients of those.
@Suite struct LossGoldenTests {
  private static func reduction(_ test: GoldenCase) throws -> LossReduction {
    switch try test.text("reduction") {
    case "mean", "batchmean": .mean
    case "sum": .sum
    default: .none
    }
  }

  static let classification: [String: GoldenRecording] = [
    "cross_entropy": { test, inputs in
      let (x, target) = (inputs["x"], inputs["target"])
      let smoothing = try test.number("labelSmoothing")
      let weights = inputs.has("weight") ? inputs["weight"] : nil
      if target.elementType == .int64 {
        return [
          "y": crossEntropy(
            x, target, smoothing: smoothing, weights: weights,
            ignoring: test.has("ignoreIndex") ? try test.integer("ignoreIndex") : nil,
            reduction: try reduction(test))
        ]
      }
      return [
        "y": crossEntropy(
          x, distributions: target, smoothing: smoothing, weights: weights,
          reduction: try reduction(test))
      ]
    },
    "binary_cross_entropy": { test, inputs in
      [
        "y": binaryCrossEntropy(
          inputs["x"], inputs["target"],
          weights: inputs.has("weight") ? inputs["weight"] : nil, reduction: try reduction(test))
      ]
    },
    "binary_cross_entropy_with_logits": { test, inputs in
      [
        "y": binaryCrossEntropy(
          withLogits: inputs["x"], inputs["target"],
          weights: inputs.has("weight") ? inputs["weight"] : nil,
          positiveWeights: inputs.has("positiveWeight") ? inputs["positiveWeight"] : nil,
          reduction: try reduction(test))
      ]
    },
    "kl_div": { test, inputs in
      let loss = klDivergence(
        inputs["x"], inputs["target"], targetIsLogarithm: try test.flag("logTarget"),
        reduction: try reduction(test))
      // PyTorch's “mean” divides by numbers; “batchmean” is the divergence.
      let isMeanOfNumbers = try test.text("reduction") == "mean"
      let shape = inputs["x"].shape
      return ["y": isMeanOfNumbers ? loss * (Double(shape[0]) / Double(shape.count)) : loss]
    },
  ]

  static let regression: [String: GoldenRecording] = [
    "mse_loss": { test, inputs in
      ["y": meanSquaredError(inputs["x"], inputs["target"], reduction: try reduction(test))]
    },
    "l1_loss": { test, inputs in
      ["y": meanAbsoluteError(inputs["x"], inputs["target"], reduction: try reduction(test))]
    },
    "smooth_l1_loss": { test, inputs in
      [
        "y": smoothL1(
          inputs["x"], inputs["target"], beta: try test.number("beta"),
          reduction: try reduction(test))
      ]
    },
    "huber_loss": { test, inputs in
      [
        "y": huber(
          inputs["x"], inputs["target"], delta: try test.number("delta"),
          reduction: try reduction(test)
        )
      ]
    },
    "hinge_embedding_loss": { test, inputs in
      [
        "y": hingeEmbedding(
          inputs["x"], inputs["target"], margin: try test.number("margin"),
          reduction: try reduction(test))
      ]
    },
  ]

  @Test func classificationLosses() throws {
    let report = try GoldenFamily("classification_losses").run(
      Self.classification, skipping: ["nll_loss"])
    #expect(report.failures == [])
    #expect(report.count == 59)
  }

  @Test func regressionLosses() throws {
    let report = try GoldenFamily("regression_losses").run(
      Self.regression,
      skipping: [
        "margin_ranking_loss", "multi_margin_loss", "soft_margin_loss", "triplet_margin_loss",
        "cosine_embedding_loss", "poisson_nll_loss",
      ])
    #expect(report.failures == [])
    #expect(report.count == 30)
  }
}
