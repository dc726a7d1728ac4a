import FoveaSystem
public import FoveaTensor

extension Weights {
  /// The same weights with every fraction as `elementType`, rounded to nearest; whole numbers and flags
  /// stay. What is too large for the type becomes infinite, and a note says where.
  public func converted(
    to elementType: ElementType, file: StaticString = #fileID, line: UInt = #line
  ) -> Weights {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      guard elementType.isFloatingPoint else {
        throw ShapeError("converted", "takes a type that has fractions, got \(elementType)")
      }
    }
    var result = self
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key })
    where tensor.elementType.isFloatingPoint && tensor.elementType != elementType {
      guard let value = tensor.value?.plain() else { continue }
      let scalars = value.scalars
      let converted = PlainValue(value.type.with(elementType), scalars)
      result.tensors[name] = Tensor(converted)
      let lost = zip(scalars, converted.scalars).count { $0.isFinite && !$1.isFinite }
      if lost > 0 {
        result.notes.append(
          "\(lost) \(lost == 1 ? "number" : "numbers") of \(quoted(name)) became infinite: "
            + "too large for \(elementType)")
      }
    }
    return result
  }
}
