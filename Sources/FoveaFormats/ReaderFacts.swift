/// What the readers of files are built on.
public enum ReaderFacts {
  /// The version of zlib that inflates.
  public static var zlibVersion: String { Inflate.version }
}
