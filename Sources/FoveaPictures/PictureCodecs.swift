import CPictures

/// The libraries that decode pictures.
public enum PictureCodecs {
  /// The version of libpng that is in use.
  public static var pngVersion: String { unsafe String(cString: cp_png_version()) }
}
