import FoveaTensor

/// What networks of one kind are made for.
struct ZooTask {
  let preprocessing: Preprocessing
  let classCount: Int
  let sides: ClosedRange<Int>

  var input: Shape {
    [preprocessing.mean.count, preprocessing.height, preprocessing.width]
  }

  /// The thousand classes of ImageNet.
  static func pictures(
    _ preprocessing: Preprocessing = .imageNet, atLeast side: Int = 1
  ) -> ZooTask {
    ZooTask(preprocessing: preprocessing, classCount: 1000, sides: side...largestSide)
  }

  /// The ten classes of CIFAR-10.
  static let smallPictures = ZooTask(
    preprocessing: .cifar, classCount: 10, sides: 1...largestSide)

  /// The ten digits, in pictures of one size.
  static func digits(_ preprocessing: Preprocessing) -> ZooTask {
    ZooTask(
      preprocessing: preprocessing, classCount: 10,
      sides: preprocessing.height...preprocessing.height)
  }

  /// Larger pictures than anybody has.
  private static let largestSide = 8192
}
