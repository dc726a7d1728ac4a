import FoveaSystem

/// The words for Python objects that Fovea does not know.
enum PickleRefusal {
  /// Modules that no weights have any business with.
  private static let dangerous: Set<String> = [
    "os", "posix", "nt", "sys", "subprocess", "builtins", "__builtin__", "runpy", "socket",
    "shutil", "importlib", "pty", "commands", "webbrowser", "ctypes", "asyncio", "threading",
    "multiprocessing", "code", "pickle", "_pickle", "marshal", "types", "functools", "operator",
    "urllib", "requests",
  ]

  static func global(
    _ module: String, _ name: String, at position: Int, in bytes: ByteRange
  ) -> FileError {
    let root = module.split(separator: ".").first.map(String.init) ?? module
    let hint: String
    if dangerous.contains(root) {
      hint = "this file may be an attack; Fovea runs no code that comes with a file"
    } else if module.hasPrefix("torch.nn") || module.hasPrefix("torchvision") || root == "__main__"
    {
      hint =
        "a whole model was saved; in Python, save its weights instead: "
        + "torch.save(model.state_dict(), “weights.pth”)"
    } else {
      hint =
        "if you trust the file, load it in Python and save only its tensors: "
        + "torch.save(state_dict, “weights.pth”)"
    }
    return bytes.error(
      at: position, found: "the Python object \(quoted(module + " " + name))",
      expected: "tensors, numbers, text, lists and dictionaries", hint: hint)
  }
}
