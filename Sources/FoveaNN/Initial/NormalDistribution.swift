import Foundation

/// The normal distribution, backwards.
enum NormalDistribution {
  /// What a standard normal number stays below with the given probability.
  ///
  /// Newton's method on the distribution function; 6 rounds from a start that is good to 0.005.
  static func quantile(_ probability: Double) -> Double {
    guard probability != 0.5 else { return 0 }
    let tail = Swift.min(probability, 1 - probability)
    let t = (-2 * log(tail)).squareRoot()
    // Hastings. *Approximations for digital computers*, 1955, sheet 67.
    var z = t - (2.30753 + t * 0.27061) / (1 + t * (0.99229 + t * 0.04481))
    for _ in 0..<6 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let error = 0.5 * erfc(z / 2.0.squareRoot()) - tail
      let step = error / density
      z += step
      if abs(step) < 1e-12 { break }
    }
    return probability < 0.5 ? -z : z
  }
}
