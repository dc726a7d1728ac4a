import CKernels
import FoveaTensor

/// An element-wise operator that the chain interpreter knows.
protocol ChainOpcode: ElementwiseOperator {
  /// The interpreter's instruction for it, reading its operands in order.
  var opcode: fk_opcode { get }
}

extension Unary: ChainOpcode {
  var opcode: fk_opcode {
    switch function {
    case .negate: FK_OP_NEGATE
    case .absolute: FK_OP_ABSOLUTE
    case .sign: FK_OP_SIGN
    case .step: FK_OP_GREATER  // than the constant 0, which the assembler appends
    case .exp: FK_OP_EXP
    case .expMinusOne: FK_OP_EXPM1
    case .log: FK_OP_LOG
    case .logOnePlus: FK_OP_LOG1P
    case .squareRoot: FK_OP_SQRT
    case .reciprocalSquareRoot: FK_OP_RSQRT
    case .reciprocal: FK_OP_RECIPROCAL
    case .square: FK_OP_SQUARE
    case .relu: FK_OP_RELU
    case .sigmoid: FK_OP_SIGMOID
    case .tanh: FK_OP_TANH
    case .softplus: FK_OP_SOFTPLUS
    case .erf: FK_OP_ERF
    case .sin: FK_OP_SIN
    case .cos: FK_OP_COS
    case .floor: FK_OP_FLOOR
    case .ceil: FK_OP_CEIL
    case .round: FK_OP_ROUND
    case .truncate: FK_OP_TRUNCATE
    }
  }
}

extension Binary: ChainOpcode {
  var opcode: fk_opcode {
    switch function {
    case .add: FK_OP_ADD
    case .subtract: FK_OP_SUBTRACT
    case .multiply: FK_OP_MULTIPLY
    case .divide: FK_OP_DIVIDE
    case .minimum: FK_OP_MINIMUM
    case .maximum: FK_OP_MAXIMUM
    case .power: FK_OP_POWER
    case .remainder: FK_OP_REMAINDER
    }
  }
}

extension Comparison: ChainOpcode {
  var opcode: fk_opcode {
    switch relation {
    case .equal: FK_OP_EQUAL
    case .notEqual: FK_OP_NOT_EQUAL
    case .less: FK_OP_LESS
    case .lessOrEqual: FK_OP_LESS_EQUAL
    case .greater: FK_OP_GREATER
    case .greaterOrEqual: FK_OP_GREATER_EQUAL
    }
  }
}

extension Cast: ChainOpcode {
  /// Floating types need no instruction: registers hold more digits, and the store rounds.
  var opcode: fk_opcode { elementType == .bool ? FK_OP_NOT_EQUAL : FK_OP_COPY }
}

extension Expand: ChainOpcode {
  var opcode: fk_opcode { FK_OP_COPY }
}

extension Select: ChainOpcode {
  var opcode: fk_opcode { FK_OP_SELECT }
}

extension Logical: ChainOpcode {
  var opcode: fk_opcode {
    switch connective {
    case .and: FK_OP_AND
    case .or: FK_OP_OR
    case .xor: FK_OP_XOR
    }
  }
}

extension Clamp: ChainOpcode {
  /// With the upper bound; the assembler puts the lower one before it.
  var opcode: fk_opcode { FK_OP_MINIMUM }
}
