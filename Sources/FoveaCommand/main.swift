import FoveaCommandKit

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// A limit on the size of files is then an error of the writer, which cleans up and says so.
signal(SIGXFSZ, SIG_IGN)

let arguments = Array(CommandLine.arguments.dropFirst())
exit(CommandTable.program.run(arguments, verbs: CommandTable.verbs).rawValue)
