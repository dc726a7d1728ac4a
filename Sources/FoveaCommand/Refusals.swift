import Fovea
import FoveaCommandKit

extension Verb {
  /// The same verb; what the library refuses while it runs ends with the exit code that fits.
  var sayingRefusals: Verb {
    Verb(command) { invocation, console in
      do {
        return try run(invocation, console)
      } catch let refusal as MemoryRefusal {
        throw CommandFailure(.memoryRefused, "\(refusal)")
      } catch let error as LabelError {
        throw CommandFailure(.dataError, "\(error)")
      } catch let refusal as IndexRefusal {
        throw CommandFailure(.dataError, "\(refusal)")
      } catch let error as PictureError {
        throw CommandFailure(error.exitCode, visible("\(error)", limit: 1000))
      } catch let error as FileError {
        throw CommandFailure(
          ExitCode(error.kind), visible("\(error)", limit: 2000),
          hint: error.hint.map { visible($0, limit: 500) })
      } catch let mismatch as WeightMismatch {
        throw CommandFailure(.dataError, visible("\(mismatch)", limit: 2000))
      }
    }
  }
}

extension PictureError {
  /// How a command ends that could not use the picture.
  var exitCode: ExitCode { kind == .unreadable ? .noInput : .dataError }
}

extension ExitCode {
  /// The code that fits a file that cannot be read or written.
  fileprivate init(_ kind: FileError.Kind) {
    self =
      switch kind {
      case .unreadable: .noInput
      case .tooLarge: .memoryRefused
      case .content: .dataError
      case .uncreatable: .cannotCreate
      case .unwritable: .cannotWrite
      }
  }
}
