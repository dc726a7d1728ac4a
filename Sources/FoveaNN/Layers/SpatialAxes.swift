/// How many spatial axes a layer slides along; a type, so that `Conv2D` cannot be given sound.
public protocol SpatialAxes: Sendable {
  static var count: Int { get }
}

/// Sound: `[N, C, L]`.
public enum OneAxis: SpatialAxes {
  public static let count = 1
}

/// Pictures: `[N, C, H, W]`.
public enum TwoAxes: SpatialAxes {
  public static let count = 2
}

/// Volumes and films: `[N, C, D, H, W]`.
public enum ThreeAxes: SpatialAxes {
  public static let count = 3
}
