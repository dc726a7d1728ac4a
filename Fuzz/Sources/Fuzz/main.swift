// fuzz TARGET [option or file …]
//
// Built with libFuzzer, everything behind the target is libFuzzer's. Built without it, files are read and
// folders are walked through: what once was found is replayed.

import CFuzzer
import Foundation

let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
guard let target = FuzzTarget.named(CommandLine.arguments.dropFirst().first ?? "") else {
  FileHandle.standardError.write(Data("usage: fuzz TARGET …, with one of \(names)\n".utf8))
  exit(2)
}

#if FUZZER
  // libFuzzer sees the command line without the target.
  var arguments: [UnsafeMutablePointer<CChar>?] =
    ([CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)).map { strdup($0) } + [nil]
  var count = Int32(arguments.count - 1)
  let status = arguments.withUnsafeMutableBufferPointer { buffer in
    var start = buffer.baseAddress
    return LLVMFuzzerRunDriver(&count, &start) { bytes, count in
      FuzzTarget.current.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }
  exit(status)
#else
  exit(Replay.run(target, CommandLine.arguments.dropFirst(2)))
#endif
