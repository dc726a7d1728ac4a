import FoveaCommandKit

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
exit(CommandTable.program.run(arguments, verbs: CommandTable.verbs).rawValue)
