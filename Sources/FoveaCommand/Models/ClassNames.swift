import Fovea

/// The names of the classes that networks are usually trained for.
enum ClassNames {
  /// Krizhevsky. *Learning multiple layers of features from tiny images*, 2009.
  static let cifar10 = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The names that go with a network, unless it has other classes than when it was published.
  static func usual(for entry: ZooEntry, classes: Int) -> [String]? {
    guard classes == entry.classCount else { return nil }
    switch (classes, entry.input[0]) {
    case (1000, 3): return ImageNetNames.all
    case (10, 3): return cifar10
    case (10, 1): return (0...9).map(String.init)
    default: return nil
    }
  }
}
