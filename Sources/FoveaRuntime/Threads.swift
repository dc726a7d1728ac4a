import CKernels

/// How many threads plans compute with.
public enum Threads {
  public static var count: Int {
    get { Int(fk_threads()) }
    set { fk_set_threads(Int32(clamping: max(newValue, 0))) }
  }
}
