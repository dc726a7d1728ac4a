extension PickleMachine {
  /// Runs until the pickle stops, and gives what it made.
  mutating func run() throws(FileError) -> PickleValue {
    while true {
      place = cursor.position
      let opcode = try cursor.byte("an opcode; the pickle does not stop")
      if opcode == UInt8(ascii: ".") { break }
      if try runConstant(opcode) { continue }
      if try runContainer(opcode) { continue }
      try runObject(opcode)
    }
    let value = try pop()
    return value
  }

  /// Opcodes that push a plain value or change nothing.
  private mutating func runConstant(_ opcode: UInt8) throws(FileError) -> Bool {
    switch opcode {
    case 0x80:  // PROTO
      let version = try cursor.byte("a protocol")
      guard (2...5).contains(version) else { throw error("protocol \(version)", "2 to 5") }
    case 0x95: _ = try cursor.length(8, "a frame")  // FRAME
    case UInt8(ascii: "N"): push(.none)
    case 0x88: push(.flag(true))  // NEWTRUE
    case 0x89: push(.flag(false))  // NEWFALSE
    case UInt8(ascii: "J"):  // BININT
      let bits = UInt32(truncatingIfNeeded: try cursor.number(4, "a number"))
      push(.integer(Int(Int32(bitPattern: bits))))
    case UInt8(ascii: "K"): push(.integer(Int(try cursor.byte("a number"))))  // BININT1
    case UInt8(ascii: "M"):  // BININT2
      push(.integer(Int(truncatingIfNeeded: try cursor.number(2, "a number"))))
    case 0x8A: try pushLong(cursor.length(1, "a number"))  // LONG1
    case 0x8B: try pushLong(cursor.length(4, "a number"))  // LONG4
    case UInt8(ascii: "G"):  // BINFLOAT
      push(.number(Double(bitPattern: try cursor.number(8, "a number").byteSwapped)))
    case UInt8(ascii: "X"): try pushText(4)  // BINUNICODE
    case 0x8C: try pushText(1)  // SHORT_BINUNICODE
    case 0x8D: try pushText(8)  // BINUNICODE8
    case UInt8(ascii: "T"): try pushText(4)  // BINSTRING
    case UInt8(ascii: "U"): try pushText(1)  // SHORT_BINSTRING
    case UInt8(ascii: "B"): try pushBytes(4)  // BINBYTES
    case UInt8(ascii: "C"): try pushBytes(1)  // SHORT_BINBYTES
    case 0x8E: try pushBytes(8)  // BINBYTES8
    default: return false
    }
    return true
  }

  /// Opcodes of the stack, the memo, and containers.
  private mutating func runContainer(_ opcode: UInt8) throws(FileError) -> Bool {
    switch opcode {
    case UInt8(ascii: "("): mark()
    case UInt8(ascii: "0"): try popMarkOrValue()  // POP
    case UInt8(ascii: "1"): _ = try popMarked()  // POP_MARK
    case UInt8(ascii: "2"): push(try top())  // DUP
    case UInt8(ascii: ")"): try pushTuple([])
    case UInt8(ascii: "t"): try pushTuple(popMarked())
    case 0x85: try pushTuple([pop()])  // TUPLE1
    case 0x86:  // TUPLE2
      let second = try pop()
      try pushTuple([pop(), second])
    case 0x87:  // TUPLE3
      let (third, second) = (try pop(), try pop())
      try pushTuple([pop(), second, third])
    case UInt8(ascii: "]"): try pushList()
    case UInt8(ascii: "a"): try append([pop()])  // APPEND
    case UInt8(ascii: "e"): try append(popMarked())  // APPENDS
    case UInt8(ascii: "}"): try pushDictionary()
    case UInt8(ascii: "s"):  // SETITEM
      let value = try pop()
      try set([pop(), value])
    case UInt8(ascii: "u"): try set(popMarked())  // SETITEMS
    case UInt8(ascii: "q"): try remember(Int(cursor.byte("a memo")))  // BINPUT
    case UInt8(ascii: "r"):  // LONG_BINPUT
      try remember(Int(truncatingIfNeeded: cursor.number(4, "a memo")))
    case 0x94: try rememberNext()  // MEMOIZE
    case UInt8(ascii: "h"): try recall(Int(cursor.byte("a memo")))  // BINGET
    case UInt8(ascii: "j"):  // LONG_BINGET
      try recall(Int(truncatingIfNeeded: cursor.number(4, "a memo")))
    default: return false
    }
    return true
  }

  /// Opcodes that stand for objects: looked up in a short list, and never called.
  private mutating func runObject(_ opcode: UInt8) throws(FileError) {
    switch opcode {
    case UInt8(ascii: "c"):  // GLOBAL
      let module = try cursor.line("the name of a module")
      try pushCallable(module, cursor.line("the name of an object"))
    case 0x93:  // STACK_GLOBAL
      let name = try pop()
      let module = try pop()
      guard case .text(let name) = name, case .text(let module) = module else {
        throw error("\(module.words) and \(name.words) as names of an object", "two texts")
      }
      try pushCallable(module, name)
    case UInt8(ascii: "R"): try reduce()  // REDUCE
    case UInt8(ascii: "b"): try build()  // BUILD
    case UInt8(ascii: "Q"): try pushPersistent()  // BINPERSID
    default:
      let shown =
        (0x21...0x7E).contains(opcode)
        ? "“\(Character(Unicode.Scalar(opcode)))”" : "\(opcode)"
      throw error("opcode \(shown)", "one that PyTorch writes for tensors and plain values")
    }
  }

  private mutating func pushText(_ width: Int) throws(FileError) {
    push(.text(try cursor.text(try cursor.length(width, "a text"), "a text")))
  }

  private mutating func pushBytes(_ width: Int) throws(FileError) {
    let length = try cursor.length(width, "bytes")
    _ = try cursor.take(length, "bytes")
    push(.opaque("\(length) bytes"))
  }

  /// A whole number in two's complement, the lowest byte first.
  private mutating func pushLong(_ length: Int) throws(FileError) {
    let bytes = try cursor.take(length, "a number").array
    guard length <= 8 else { return push(.opaque("a number of \(length) bytes")) }
    var value: UInt64 = 0
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    let unused = 64 - 8 * length
    push(.integer(length == 0 ? 0 : Int(Int64(bitPattern: value << UInt64(unused)) >> unused)))
  }

  private mutating func pushCallable(_ module: String, _ name: String) throws(FileError) {
    guard let callable = PickleCallable(module: module, name: name) else {
      throw PickleRefusal.global(module, name, at: place, in: cursor.bytes)
    }
    push(.callable(callable))
  }
}
